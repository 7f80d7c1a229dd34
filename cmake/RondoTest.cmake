# rondo_test(NAME proto SOURCES url_test.cpp ... LAYERS proto) builds rondo_proto_tests and registers each of its tests with CTest.
# LAYERS names the highest layers that the tests link: those below come with them.
find_package(GTest REQUIRED)
include(GoogleTest)

function(rondo_test)
  cmake_parse_arguments(arg "" "NAME;TIMEOUT" "SOURCES;LAYERS;LIBRARIES" ${ARGN})
  set(target rondo_${arg_NAME}_tests)
  list(TRANSFORM arg_LAYERS PREPEND rondo_)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE rondo_flags ${arg_LAYERS} ${arg_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main)
  target_precompile_headers(${target} PRIVATE <gtest/gtest.h> <string> <string_view> <vector>)
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()
