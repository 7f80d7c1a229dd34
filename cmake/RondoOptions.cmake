# Options of the build, and the flags that every target of Rondo is compiled with.
option(RONDO_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(RONDO_HOUSE_TESTS "Test the house too: lint rules, compiler canaries, the installed package" ON)
option(RONDO_EXAMPLES "Build the example programs" ${PROJECT_IS_TOP_LEVEL})
option(RONDO_CLI "Build the rondo command" ${PROJECT_IS_TOP_LEVEL})
option(RONDO_INSTALL "Make the rules that install the library and the command" ${PROJECT_IS_TOP_LEVEL})
option(RONDO_BENCH "Build the benchmark programs" OFF)
option(RONDO_FUZZ "Build the libFuzzer targets (Clang only)" OFF)
option(RONDO_PRECOMPILE "Compile the standard library's headers once for all layers" ON)
option(RONDO_WERROR "Warnings are errors, with the compilers Rondo is checked with: GCC 12, Clang 19" OFF)
set(RONDO_TEST_SHARDS 0 CACHE STRING "Run each test suite in so many processes; 0: each test in its own")
set(RONDO_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

include(GNUInstallDirs)
# GCC maps a precompiled header to a fixed address, and gives up ("PCH allocation failure") where the kernel's address
# randomisation has put something else there. ccache does the same for GCC without that risk.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# With paths relative to the source directory, checkouts side by side share one cache. The sloppiness is
# what ccache asks for where precompiled headers are used.
find_program(RONDO_CCACHE ccache)
if(RONDO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
    CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros
    ${RONDO_CCACHE})
endif()

set(RONDO_CHECKED_COMPILER OFF)
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.")
   OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^19\\."))
  set(RONDO_CHECKED_COMPILER ON)
endif()

add_library(rondo_flags INTERFACE)
target_compile_definitions(rondo_flags INTERFACE RONDO_VERSION="${PROJECT_VERSION}")
target_compile_options(rondo_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wconversion
  -Wno-sign-conversion
  $<$<AND:$<BOOL:${RONDO_WERROR}>,$<BOOL:${RONDO_CHECKED_COMPILER}>>:-Werror>
  # Symmetric transfer needs the tail call, also at -O0 (docs/design.md, section 9).
  $<$<CXX_COMPILER_ID:GNU>:-foptimize-sibling-calls>)
if(RONDO_SANITIZE)
  add_compile_options(-fsanitize=${RONDO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RONDO_SANITIZE})
  if(RONDO_SANITIZE MATCHES "undefined")
    # That check opens a pipe to see whether memory can be read, and reports nonsense in tests that have used up
    # all descriptors.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()
