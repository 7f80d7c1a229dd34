// What hosts are treated like beyond a limit: rates, rests, turns.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "cli/host_queues.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

constexpr Clock::time_point kStart{1h};

class TimedQueues {
 public:
  explicit TimedQueues(const HostPolicy& policy) : queues_(policy) {}

  void push(const std::string& url, int times = 1) {
    for (int i = 0; i < times; ++i) {
      auto job = std::make_unique<Job>();
      job->number = ++count_;
      job->url = url;
      queues_.push(std::move(job), now_);
    }
  }

  /// The URL of the next job; "dead ..." if its host is.
  std::string take() {
    auto taken = queues_.take(now_);
    if (!taken) return "";
    host_ = taken->host;
    return (taken->is_dead ? "dead " : "") + taken->job->url;
  }

  void finish(const HostOutcome& outcome = {}) { queues_.finished(*host_, outcome, now_); }
  void fail() { finish({.was_unreachable = true}); }
  void pass(Clock::duration time) { now_ += time; }
  HostQueues& operator*() { return queues_; }

 private:
  HostQueues queues_;
  std::uint64_t count_ = 0;
  HostQueues::Host* host_ = nullptr;
  Clock::time_point now_ = kStart;
};

TEST(HostRate, KeepsStartsApartForEachHost) {
  TimedQueues queues({.interval = 100ms});
  queues.push("http://a/", 2);
  queues.push("http://b/");
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "http://b/");
  EXPECT_EQ(queues.take(), "");
  EXPECT_EQ((*queues).next_time(), kStart + 100ms);
  queues.pass(99ms);
  EXPECT_EQ(queues.take(), "");
  queues.pass(1ms);
  EXPECT_EQ(queues.take(), "http://a/");
}

TEST(HostRate, IsRememberedWhenAHostHasNothingLeft) {
  TimedQueues queues({.interval = 100ms});
  queues.push("http://a/");
  EXPECT_EQ(queues.take(), "http://a/");
  queues.finish();
  queues.push("http://a/");
  EXPECT_EQ(queues.take(), "");
  queues.pass(100ms);
  EXPECT_EQ(queues.take(), "http://a/");
}

TEST(HostTurns, GoRoundTheHostsOfASortedList) {
  TimedQueues queues({.spreads = true});
  queues.push("http://a/", 2);
  queues.push("http://b/", 2);
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "http://b/");
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "http://b/");
}

TEST(HostRest, PutsJobsBackAndProbesWithOne) {
  TimedQueues queues({.breaker = 2});
  queues.push("http://a/", 5);
  queues.push("http://b/");
  EXPECT_EQ(queues.take(), "http://a/");
  queues.fail();
  EXPECT_EQ(queues.take(), "http://a/");
  queues.fail();
  EXPECT_EQ(queues.take(), "http://b/");
  queues.finish();
  EXPECT_EQ(queues.take(), "");
  queues.pass(1s);
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "");
  queues.finish();
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "http://a/");
}

TEST(HostRest, EndsInDeathAfterItsProbes) {
  TimedQueues queues({.breaker = 1});
  queues.push("http://a/", 9);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(queues.take(), "http://a/") << i;
    queues.fail();
    queues.pass(64s);
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(queues.take(), "dead http://a/");
    queues.fail();
  }
  EXPECT_EQ(queues.take(), "");
  queues.push("http://a/");
  EXPECT_EQ(queues.take(), "dead http://a/");
}

TEST(HostLimit, AdaptsToWhatTheHostBears) {
  TimedQueues queues({.limit = 8, .is_adaptive = true});
  queues.push("http://a/", 20);
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "");
  queues.finish({.latency = 1ms});
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "");
  queues.finish({.had_trouble = true, .latency = 1ms});
  EXPECT_EQ(queues.take(), "");
}

TEST(HostPolicy, LearnsNothingFromAJobThatDidNotAskTheHost) {
  TimedQueues queues({.limit = 8, .is_adaptive = true});
  queues.push("http://a/", 20);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(queues.take(), "http://a/");
    queues.finish({});
  }
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "http://a/");
  EXPECT_EQ(queues.take(), "");
}

}  // namespace
}  // namespace rondo::cli
