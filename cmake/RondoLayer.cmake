# The standard headers that most sources include. Sources include what they use all the same: the tidy preset compiles
# them without.
if(RONDO_PRECOMPILE)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/layers/precompiled.cpp CONTENT "")
  add_library(rondo_precompiled OBJECT ${PROJECT_BINARY_DIR}/layers/precompiled.cpp)
  target_link_libraries(rondo_precompiled PRIVATE rondo_flags fmt::fmt)
  set_target_properties(rondo_precompiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_precompile_headers(rondo_precompiled PRIVATE
    <algorithm> <array> <chrono> <exception> <functional> <memory> <optional> <source_location> <span> <string>
    <string_view> <utility> <vector>)
endif()

# A layer is one folder of rondo/. rondo_layer() compiles its sources once, and offers them twice: as
# rondo_<layer>, a static library beside the layers it may include (what tests link, so that a layer is tested
# without those above it), and as a part of rondo::rondo, the one library that is installed.
#
#   rondo_layer(NAME base PUBLIC_HEADERS a.hpp SOURCES a.cpp DEPENDS base LIBRARIES fmt::fmt)
#
# LIBRARIES are third-party and used in .cpp files only.
function(rondo_layer)
  cmake_parse_arguments(arg "" "NAME" "PUBLIC_HEADERS;SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  set(objects rondo_${arg_NAME}_objects)
  add_library(${objects} OBJECT ${arg_SOURCES} ${arg_PUBLIC_HEADERS})
  target_include_directories(${objects} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(${objects} PRIVATE rondo_flags ${arg_LIBRARIES} Threads::Threads)
  set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  # In position-independent code GCC calls every function as if another library might replace it, and inlines none.
  # Nobody replaces ours; Clang assumes that by itself.
  target_compile_options(${objects} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition>)
  # What is precompiled is only good for the macros it was made with, and fmt comes with one.
  if(RONDO_PRECOMPILE AND "fmt::fmt" IN_LIST arg_LIBRARIES)
    target_precompile_headers(${objects} REUSE_FROM rondo_precompiled)
  endif()

  add_library(rondo_${arg_NAME} STATIC $<TARGET_OBJECTS:${objects}>)
  set_target_properties(rondo_${arg_NAME} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(rondo_${arg_NAME} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  list(TRANSFORM arg_DEPENDS PREPEND rondo_ OUTPUT_VARIABLE below)
  target_link_libraries(rondo_${arg_NAME} PUBLIC ${below} PRIVATE ${arg_LIBRARIES} Threads::Threads)

  list(TRANSFORM arg_PUBLIC_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE headers)
  set_property(GLOBAL APPEND PROPERTY RONDO_OBJECTS ${objects})
  set_property(GLOBAL APPEND PROPERTY RONDO_PUBLIC_HEADERS ${headers})
  set_property(GLOBAL APPEND PROPERTY RONDO_LIBRARIES ${arg_LIBRARIES})
endfunction()

# The library users link: every layer that rondo_layer() has been called for so far.
function(rondo_library)
  get_property(objects GLOBAL PROPERTY RONDO_OBJECTS)
  get_property(headers GLOBAL PROPERTY RONDO_PUBLIC_HEADERS)
  get_property(libraries GLOBAL PROPERTY RONDO_LIBRARIES)
  if(EXISTS ${PROJECT_SOURCE_DIR}/rondo/rondo.hpp)
    list(APPEND headers ${PROJECT_SOURCE_DIR}/rondo/rondo.hpp)
  endif()
  list(REMOVE_DUPLICATES libraries)
  list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>")
  add_library(rondo STATIC ${objects})
  add_library(rondo::rondo ALIAS rondo)
  set_target_properties(rondo PROPERTIES LINKER_LANGUAGE CXX)
  target_sources(rondo PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  target_compile_features(rondo PUBLIC cxx_std_20)
  # Users' coroutines need the tail call at -O0 as ours do (docs/design.md, section 9).
  target_compile_options(rondo PUBLIC $<$<CXX_COMPILER_ID:GNU>:-foptimize-sibling-calls>)
  target_include_directories(rondo PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  # rondo/http/json.hpp is the one public header that shows a third-party library.
  target_link_libraries(rondo PUBLIC nlohmann_json::nlohmann_json PRIVATE ${libraries} Threads::Threads)
endfunction()
