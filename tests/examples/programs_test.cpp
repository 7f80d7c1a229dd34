// Each example program against a real nginx.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/examples/example_program.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/support/nginx.hpp"

namespace rondo::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ExamplePrograms, OneRequestPrintsStatusAndBody) {
  const EndedExample small = run_example("one_request", {url_of_nginx("/small")});
  EXPECT_EQ(small.output, "200 text/plain\nsmall");
  EXPECT_EQ(small.exit_code, 0);
  const EndedExample file = run_example("one_request", {url_of_nginx("/redirect")});
  EXPECT_EQ(file.output, "200 text/plain\n" + Nginx::file(1000));
}

TEST(ExamplePrograms, OneRequestSaysWhyItFailed) {
  const RefusingPort nobody;
  const std::string dead = nobody.url();
  const EndedExample ended = run_example("one_request", {dead});
  EXPECT_THAT(ended.output, HasSubstr("refused"));
  EXPECT_THAT(ended.output, HasSubstr(dead));
  EXPECT_EQ(ended.exit_code, 1);
}

TEST(ExamplePrograms, ExplicitLoopEndsInAClosedLoop) {
  const EndedExample ended = run_example("explicit_loop", {url_of_nginx("/files/1000.txt")});
  EXPECT_THAT(ended.output, StartsWith("1000 bytes\nEvent loop is closed: by close() at "));
  EXPECT_THAT(ended.output, HasSubstr("explicit_loop.cpp:"));
  EXPECT_EQ(ended.exit_code, 0);
}

TEST(ExamplePrograms, ExplicitLoopSaysWhyItFailed) {
  const RefusingPort nobody;
  const EndedExample ended = run_example("explicit_loop", {nobody.url()});
  EXPECT_THAT(ended.output, HasSubstr("refused"));
  EXPECT_EQ(ended.exit_code, 1);
}

TEST(ExamplePrograms, ManyRequestsGiveAnOutcomeEachWhateverBecomesOfTheOthers) {
  const RefusingPort nobody;
  const std::string dead = nobody.url();
  const std::string large = url_of_nginx("/files/1048576.txt");
  const std::string small = url_of_nginx("/small");
  const EndedExample ended = run_example("many_requests", {large, dead, small});
  EXPECT_THAT(ended.output, StartsWith(large + ": 1048576 bytes\n" + dead + ": "));
  EXPECT_THAT(ended.output, HasSubstr("refused"));
  EXPECT_THAT(ended.output, ::testing::EndsWith("\n" + small + ": 5 bytes\n"));
  EXPECT_EQ(ended.exit_code, 0);
}

}  // namespace
}  // namespace rondo::test
