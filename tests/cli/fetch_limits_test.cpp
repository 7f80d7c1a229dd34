// How many transfers at a time, how fast, and how often each is tried.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

/// Answers with one of `answers` after the other, and with the last for ever.
ScriptedServer::Serve in_turn(std::vector<std::string> answers, std::atomic<std::size_t>& asked) {
  return [answers = std::move(answers), &asked](ServerConnection& connection) {
    for (auto request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      const std::string& answer = answers[std::min(asked++, answers.size() - 1)];
      if (answer.empty() || !connection.send(answer)) return;
      if (answer.find("half") != std::string::npos) return;
    }
  };
}

const std::string kBusy = answer("503 Busy", "Retry-After: 0\r\n", "busy");

TEST(FetchRetries, TriesAgainUntilItSucceeds) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(in_turn({kBusy, kBusy, ok("done")}, asked));
  const Json result = fetch_json({"--retries", "2", server.url()});
  EXPECT_EQ(result["status"], 200);
  EXPECT_EQ(result["attempts"], 3);
  EXPECT_EQ(asked, 3U);
}

TEST(FetchRetries, GivesTheLastAnswerWhenTheyAreUsedUp) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(in_turn({kBusy}, asked));
  const Json result = fetch_json({"--retries", "1", server.url()});
  EXPECT_EQ(result["status"], 503);
  EXPECT_TRUE(result["error"].is_null());
  EXPECT_EQ(result["body_bytes"], 4);
  EXPECT_EQ(asked, 2U);
}

TEST(FetchRetries, AreNoneUnlessAskedFor) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(in_turn({kBusy}, asked));
  EXPECT_EQ(fetch_json({server.url()})["attempts"], 1);
  EXPECT_EQ(asked, 1U);
}

TEST(FetchRetries, DoNotRepeatAPost) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(in_turn({kBusy, ok("")}, asked));
  EXPECT_EQ(fetch_json({"--retries", "3", "-d", "x", server.url()})["status"], 503);
  EXPECT_EQ(asked, 1U);
}

TEST(FetchRetries, WaitAsLongAsTheServerAsks) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(in_turn({answer("429 Slow", "Retry-After: 1\r\n"), ok("")}, asked));
  const Json result = fetch_json({"--retries", "1", server.url()});
  EXPECT_EQ(result["status"], 200);
  EXPECT_GE(result["timings"]["total"].get<double>(), 1.0);
}

TEST(FetchRetries, DoNotWaitBeyondTheTimeout) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(
      in_turn({answer("503 Busy", "Retry-After: 3600\r\n", "x"), ok("")}, asked));
  const Json result = fetch_json({"--retries", "5", "--timeout", "20", server.url()});
  EXPECT_EQ(result["status"], 503);
  EXPECT_EQ(result["attempts"], 1);
  EXPECT_LT(result["timings"]["total"].get<double>(), 10.0);
}

TEST(FetchRetries, FollowALostConnection) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(in_turn({"", ok("done")}, asked));
  const Json result = fetch_json({"--retries", "1", server.url()});
  EXPECT_TRUE(result["error"].is_null()) << result;
  EXPECT_EQ(result["attempts"], 2);
}

TEST(FetchRetries, StartACutFileAnew) {
  const test::TemporaryDirectory directory;
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(
      in_turn({"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", ok("whole")}, asked));
  const Json result =
      fetch_json({"--retries", "1", "-o", directory.path().string(), server.url("/f")});
  EXPECT_TRUE(result["error"].is_null()) << result;
  EXPECT_EQ(content_of(directory.path() / "f"), "whole");
  EXPECT_EQ(result["body_bytes"], 5);
}

TEST(FetchRetries, NeverMixTwoBodiesOnStandardOutput) {
  std::atomic<std::size_t> asked = 0;
  const ScriptedServer server(
      in_turn({"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", ok("whole")}, asked));
  const Outcome outcome = run_command({"fetch", "--retries", "1", server.url()});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "half");
}

TEST(FetchConcurrency, IsOneAfterTheOtherOnOneConnectionWithOne) {
  std::mutex mutex;
  std::vector<std::string> paths;
  const ScriptedServer server(answering([&](const std::string& request) {
    const std::lock_guard lock(mutex);
    paths.push_back(path_of(request));
    return ok("x");
  }));
  std::vector<std::string> arguments = {"fetch", "--jsonl", "-c", "1"};
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    expected.push_back("/" + std::to_string(i));
    arguments.push_back(server.url(expected.back()));
  }
  EXPECT_EQ(run_command(arguments).code, 0);
  EXPECT_EQ(paths, expected);
  EXPECT_EQ(server.connections(), 1);
}

TEST(FetchConcurrency, KeepsToTheLimitForAHost) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  const ScriptedServer server(answering([&](const std::string&) {
    most = std::max<int>(most, ++now);
    std::this_thread::sleep_for(5ms);
    --now;
    return ok("x");
  }));
  std::vector<std::string> arguments = {"fetch", "--jsonl", "--per-host", "3"};
  for (int i = 0; i < 30; ++i) arguments.push_back(server.url("/" + std::to_string(i)));
  EXPECT_EQ(run_command(arguments).code, 0);
  EXPECT_EQ(most, 3);
  EXPECT_EQ(server.connections(), 3);
}

TEST(FetchRate, SpacesTheStarts) {
  std::mutex mutex;
  std::vector<steady_clock::time_point> starts;
  const ScriptedServer server(answering([&](const std::string&) {
    const std::lock_guard lock(mutex);
    starts.push_back(steady_clock::now());
    return ok("x");
  }));
  std::vector<std::string> arguments = {"fetch", "--jsonl", "--rate", "20/s"};
  for (int i = 0; i < 5; ++i) arguments.push_back(server.url("/" + std::to_string(i)));
  const steady_clock::time_point begun = steady_clock::now();
  EXPECT_EQ(run_command(arguments).code, 0);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(starts.size(), 5U);
  // From before the first, whose arrival may be noted late.
  EXPECT_GE(starts.back() - begun, 4 * 50ms);
}

TEST(FetchRate, LeavesNoTimeForATryThatWouldComeTooLate) {
  std::atomic<int> requests{0};
  const ScriptedServer server(answering([&](const std::string&) {
    ++requests;
    return answer("503 Unavailable", "Retry-After: 0\r\n");
  }));
  const Json result =
      fetch_json({"--rate", "1/s", "--retries", "3", "--timeout", "0.6", server.url()});
  EXPECT_EQ(requests, 1);
  EXPECT_EQ(result["status"], 503);
  EXPECT_TRUE(result["error"].is_null());
  EXPECT_LT(result["timings"]["total"].get<double>(), 0.6);
}

TEST(FetchRate, SpacesTheHopsOfRedirectsToo) {
  std::mutex mutex;
  std::vector<steady_clock::time_point> starts;
  const ScriptedServer server(answering([&](const std::string& request) {
    const std::lock_guard lock(mutex);
    starts.push_back(steady_clock::now());
    const std::string path = path_of(request);
    return path == "/xxxx" ? ok("x") : answer("302 Found", "Location: " + path + "x\r\n");
  }));
  const steady_clock::time_point begun = steady_clock::now();
  EXPECT_EQ(run_command({"fetch", "--jsonl", "--rate", "20/s", server.url("/")}).code, 0);
  const std::lock_guard lock(mutex);
  ASSERT_EQ(starts.size(), 5U);
  // From before the first, whose arrival may be noted late.
  EXPECT_GE(starts.back() - begun, 4 * 50ms);
}

}  // namespace
}  // namespace rondo::cli
