// Each example program against a real nginx.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/child_process.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Ended {
  int exit_code;
  std::string output;
};

class ExamplePrograms : public ::testing::Test {
 protected:
  static std::string url(std::string_view path) {
    static const Nginx nginx;
    return nginx.url(Nginx::Site::plain, path);
  }

  /// A URL where nobody listens.
  static std::string dead_url() { return "http://127.0.0.1:" + std::to_string(free_port()) + "/"; }

  static Ended run(const std::string& name, std::vector<std::string> arguments) {
    const TemporaryDirectory directory;
    arguments.insert(arguments.begin(), std::string(RONDO_EXAMPLE_PROGRAMS) + "/example_" + name);
    ChildProcess program(arguments, directory.path() / "output");
    if (!program.wait_for_end(std::chrono::seconds(30))) ADD_FAILURE() << name << " does not end";
    return {program.exit_code(), program.output()};
  }
};

TEST_F(ExamplePrograms, OneRequestPrintsStatusAndBody) {
  const Ended small = run("one_request", {url("/small")});
  EXPECT_EQ(small.output, "200 text/plain\nsmall");
  EXPECT_EQ(small.exit_code, 0);
  const Ended file = run("one_request", {url("/redirect")});
  EXPECT_EQ(file.output, "200 text/plain\n" + Nginx::file(1000));
}

TEST_F(ExamplePrograms, OneRequestSaysWhyItFailed) {
  const std::string dead = dead_url();
  const Ended ended = run("one_request", {dead});
  EXPECT_THAT(ended.output, HasSubstr("refused"));
  EXPECT_THAT(ended.output, HasSubstr(dead));
  EXPECT_EQ(ended.exit_code, 1);
}

TEST_F(ExamplePrograms, ExplicitLoopEndsInAClosedLoop) {
  const Ended ended = run("explicit_loop", {url("/files/1000.txt")});
  EXPECT_THAT(ended.output, StartsWith("1000 bytes\nEvent loop is closed: by close() at "));
  EXPECT_THAT(ended.output, HasSubstr("explicit_loop.cpp:"));
  EXPECT_EQ(ended.exit_code, 0);
}

TEST_F(ExamplePrograms, ExplicitLoopSaysWhyItFailed) {
  const Ended ended = run("explicit_loop", {dead_url()});
  EXPECT_THAT(ended.output, HasSubstr("refused"));
  EXPECT_EQ(ended.exit_code, 1);
}

TEST_F(ExamplePrograms, ManyRequestsGiveAnOutcomeEachWhateverBecomesOfTheOthers) {
  const std::string dead = dead_url();
  const std::string large = url("/files/1048576.txt");
  const std::string small = url("/small");
  const Ended ended = run("many_requests", {large, dead, small});
  EXPECT_THAT(ended.output, StartsWith(large + ": 1048576 bytes\n" + dead + ": "));
  EXPECT_THAT(ended.output, HasSubstr("refused"));
  EXPECT_THAT(ended.output, ::testing::EndsWith("\n" + small + ": 5 bytes\n"));
  EXPECT_EQ(ended.exit_code, 0);
}

}  // namespace
}  // namespace rondo::test
