# Options of the build, and the flags that every target of Rondo is compiled with.
option(RONDO_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(RONDO_EXAMPLES "Build the example programs" ${PROJECT_IS_TOP_LEVEL})
option(RONDO_BENCH "Build the benchmark programs" OFF)
option(RONDO_FUZZ "Build the libFuzzer targets (Clang only)" OFF)
option(RONDO_WERROR "Turn warnings into errors" OFF)
set(RONDO_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(RONDO_CCACHE ccache)
if(RONDO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${RONDO_CCACHE})
endif()

add_library(rondo_flags INTERFACE)
target_compile_options(rondo_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wconversion
  -Wno-sign-conversion
  $<$<BOOL:${RONDO_WERROR}>:-Werror>
  # Symmetric transfer needs the tail call, also at -O0 (docs/design.md, section 9).
  $<$<CXX_COMPILER_ID:GNU>:-foptimize-sibling-calls>)
if(RONDO_SANITIZE)
  add_compile_options(-fsanitize=${RONDO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RONDO_SANITIZE})
endif()
