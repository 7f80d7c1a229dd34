// What a run does for the sake of its servers, and to come to an end.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"
#include "tests/support/loopback_port.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

std::string list_of(const std::string& url, int times) {
  std::string list;
  for (int i = 0; i < times; ++i) list += url + "\n";
  return list;
}

TEST(FetchPoliteness, KeepsTheRateOfEachHost) {
  const ScriptedServer server(answering([](const std::string&) { return ok("x"); }));
  const auto begun = steady_clock::now();
  const Outcome outcome =
      run_command({"fetch", "--quiet", "--jsonl", "--per-host-rate", "50/s", "-i", "-"},
                  {.input = list_of(server.url(), 6)});
  EXPECT_EQ(outcome.lines().size(), 6U);
  EXPECT_GE(steady_clock::now() - begun, 100ms);
}

TEST(FetchPoliteness, LimitsTheBandwidthOverAllTransfers) {
  const ScriptedServer server(
      answering([](const std::string&) { return ok(std::string(30000, 'x')); }));
  const auto begun = steady_clock::now();
  const Outcome outcome =
      run_command({"fetch", "--quiet", "--jsonl", "--limit-rate", "500k", "-i", "-"},
                  {.input = list_of(server.url(), 5)});
  EXPECT_EQ(outcome.lines().size(), 5U);
  EXPECT_GE(steady_clock::now() - begun, 200ms);
}

TEST(FetchPoliteness, EndsTheRunInTime) {
  const ScriptedServer server([](ServerConnection& connection) { connection.wait_for_end(); });
  const Outcome outcome = run_command({"fetch", "--jsonl", "--max-time", "0.1", server.url()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.line()["error"]["kind"], "cancelled");
  EXPECT_NE(outcome.err.find("--max-time is up; "), std::string::npos) << outcome.err;
}

TEST(FetchPoliteness, EndsTheRunWithTheFirstFailure) {
  const ScriptedServer server([](ServerConnection& connection) { connection.wait_for_end(); });
  const std::string closed = "http://127.0.0.1:1/";
  const Outcome outcome =
      run_command({"fetch", "--jsonl", "--fail-early", server.url(), closed, server.url("/2")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.lines().size(), 3U);
  EXPECT_NE(outcome.err.find("--fail-early"), std::string::npos) << outcome.err;
}

TEST(FetchPoliteness, LetsADeadHostStallNobody) {
  const ScriptedServer server(answering([](const std::string&) { return ok("x"); }));
  const Outcome outcome =
      run_command({"fetch", "--quiet", "--jsonl", "--breaker", "2", "--max-time", "0.5",
                   "--per-host", "1", "-i", "-"},
                  {.input = list_of("http://127.0.0.1:1/", 50) + list_of(server.url(), 10)});
  const auto lines = outcome.lines();
  const auto good = std::count_if(lines.begin(), lines.end(),
                                  [](const Json& line) { return line["status"] == 200; });
  EXPECT_EQ(good, 10);
  EXPECT_EQ(lines.size(), 12U);
}

TEST(FetchPoliteness, RefusesWhatItCannotObey) {
  for (const char* option : {"--limit-rate=0", "--limit-rate=x", "--limit-rate=5x",
                             "--per-host-rate=0/s", "--breaker=0", "--max-time=x"}) {
    EXPECT_EQ(run_command({"fetch", option, "http://127.0.0.1:1/"}).code, 2) << option;
  }
}

}  // namespace
}  // namespace rondo::cli
