// `rondo ps`, of a `rondo fetch` that waits.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <string>

#include "rondo/runtime/uring_support.hpp"

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Says nothing, or sends half of a body and then says nothing.
void stall(ServerConnection& connection) {
  if (path_of(connection.read_request()) == "/half") {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  }
  connection.wait_for_end();
}

class PsCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fetch_.process().wait_until([&] { return server_.connections() == 2; });
  }

  [[nodiscard]] std::string pid() { return std::to_string(fetch_.process().pid()); }

  /// The tree, once `text` is in it.
  std::string tree_with(const std::string& text) {
    Outcome outcome;
    fetch_.process().wait_until([&] {
      outcome = run_command({"ps", pid()});
      return outcome.out.find(text) != std::string::npos;
    });
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  }

  ScriptedServer server_{stall};
  RunningCommand fetch_{{"fetch", "--jsonl", server_.url("/silent"), server_.url("/half")}};
};

TEST_F(PsCommandTest, ShowsTheTasksOfAProgramAndWhatTheyWorkOn) {
  const std::string tree =
      tree_with("GET " + server_.url("/half") + ": receiving the body, 4 bytes so far\n");
  EXPECT_THAT(tree, StartsWith("event loop created at "));
  EXPECT_THAT(tree, HasSubstr("GET " + server_.url("/silent") + ": waiting for the answer\n"));
  EXPECT_THAT(tree, HasSubstr(" at http1_body.cpp:"));
}

TEST_F(PsCommandTest, ShowsThatTheCommandHasIoUringWhereItIsLet) {
  const char* const chosen = std::getenv("RONDO_BACKEND");
  const bool is_free = chosen == nullptr || *chosen == '\0';
  const std::string preferred = rondo::detail::uring_refusal() ? "epoll" : "io_uring";
  EXPECT_THAT(tree_with("/half"), HasSubstr(" on " + (is_free ? preferred : chosen) + ", "));
}

TEST_F(PsCommandTest, ListsTheProgramsThatRun) {
  const Outcome outcome = run_command({"ps"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr(pid() + "  "));
  EXPECT_THAT(outcome.out, HasSubstr("fetch --jsonl " + server_.url("/silent")));
  EXPECT_THAT(outcome.out, HasSubstr("\n    event loop created at "));
}

TEST_F(PsCommandTest, SaysWhyItSeesNothing) {
  const Outcome nobody = run_command({"ps", "1073741823"});
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.err, HasSubstr("No such process"));
  EXPECT_EQ(run_command({"ps", "zero"}).code, 2);
  EXPECT_EQ(run_command({"ps", "0"}).code, 2);
  EXPECT_EQ(run_command({"ps", "1", "2"}).code, 2);
}

TEST_F(PsCommandTest, SeesNothingOfAProgramThatDoesNotWantIt) {
  RunningCommand hidden({"fetch", "--jsonl", server_.url("/silent")},
                        {.environment = {"RONDO_INSPECT=0"}});
  hidden.process().wait_until([&] { return server_.connections() == 3; });
  const std::string hidden_pid = std::to_string(hidden.process().pid());
  EXPECT_THAT(run_command({"ps"}).out, Not(HasSubstr("\n" + hidden_pid + "  ")));
}

TEST_F(PsCommandTest, IsNotNeededForSigquit) {
  fetch_.process().signal(SIGQUIT);
  fetch_.process().wait_until(
      [&] { return fetch_.err().find("GET " + server_.url("/silent")) != std::string::npos; });
  EXPECT_FALSE(fetch_.process().has_ended());
}

}  // namespace
}  // namespace rondo::cli
