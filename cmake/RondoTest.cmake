# rondo_test(NAME proto SOURCES url_test.cpp ... LAYERS proto) builds rondo_proto_tests and registers each of its tests with CTest.
# LAYERS names the highest layers that the tests link: those below come with them.
find_package(GTest REQUIRED)
include(GoogleTest)

# GoogleTest is most of what a test file compiles: it is compiled once, for all suites.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/tests/precompiled.cpp CONTENT "")
add_library(rondo_tests_precompiled OBJECT ${PROJECT_BINARY_DIR}/tests/precompiled.cpp)
target_link_libraries(rondo_tests_precompiled PRIVATE rondo_flags GTest::gtest)
target_precompile_headers(rondo_tests_precompiled PRIVATE <gtest/gtest.h> <string> <string_view> <vector>)

function(rondo_test)
  cmake_parse_arguments(arg "" "NAME;TIMEOUT" "SOURCES;LAYERS;LIBRARIES" ${ARGN})
  set(target rondo_${arg_NAME}_tests)
  list(TRANSFORM arg_LAYERS PREPEND rondo_)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE rondo_flags ${arg_LAYERS} ${arg_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main)
  # fmt comes with a macro, and a precompiled header is only good for the macros it was made with.
  if(NOT "fmt::fmt" IN_LIST arg_LIBRARIES)
    target_precompile_headers(${target} REUSE_FROM rondo_tests_precompiled)
  endif()
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()
