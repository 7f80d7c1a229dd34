# rondo_test(NAME proto SOURCES url_test.cpp ... LAYERS proto) builds rondo_proto_tests and registers each of its tests with CTest.
# LAYERS names the highest layers that the tests link: those below come with them. TIMEOUT is for one test, in seconds (60).
#
# With RONDO_TEST_SHARDS each suite is registered as so many parts instead, each of which runs its share of the tests in one
# process: for builds whose processes take longer to start than most tests take to run.
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
  if(RONDO_SANITIZE MATCHES "thread")
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/tsan_suppressions.cpp)
  endif()
  if(RONDO_TEST_SHARDS)
    rondo_test_shards(${arg_NAME} ${target})
  else()
    gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${arg_TIMEOUT})
  endif()
endfunction()

# GoogleTest deals its tests out by the two variables; --output-on-failure shows which of them failed.
function(rondo_test_shards name target)
  math(EXPR last "${RONDO_TEST_SHARDS} - 1")
  foreach(shard RANGE ${last})
    add_test(NAME ${name}.${shard} COMMAND ${target} --gtest_brief=1)
    set_tests_properties(${name}.${shard} PROPERTIES
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${RONDO_TEST_SHARDS};GTEST_SHARD_INDEX=${shard}"
      TIMEOUT 900)
  endforeach()
endfunction()
