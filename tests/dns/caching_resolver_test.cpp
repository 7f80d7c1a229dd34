#include "rondo/dns/caching_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/dns/fake_resolver.hpp"
#include "tests/dns/resolve_expect.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::dns {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class CachingResolverTest : public test::EachBackend {
 protected:
  /// Runs `main` on the virtual clock.
  template <class T>
  T run(Task<T> main) {
    return EachBackend::run(std::move(main), {.time = &time_});
  }

  [[nodiscard]] std::vector<std::string>& asked() { return source_->asked; }

  testing::VirtualTime time_;
  std::shared_ptr<FakeResolver> source_ = std::make_shared<FakeResolver>();
  CachingResolver cache_{source_};
};
RONDO_ON_EACH_BACKEND(CachingResolverTest);

Task<> ask_at(CachingResolver& cache, std::string host, std::vector<Clock::duration> pauses) {
  for (const auto pause : pauses) {
    co_await sleep(pause);
    co_await cache.resolve(host, 80, Family::any);
  }
}

TEST_P(CachingResolverTest, AsksOnceWithinTheTtl) {
  source_->plans["a.test"].ttl = 10s;
  run(ask_at(cache_, "a.test", {0s, 5s, 4999ms}));
  EXPECT_THAT(asked(), ElementsAre("a.test"));
  EXPECT_EQ(cache_.statistics().misses, 1u);
  EXPECT_EQ(cache_.statistics().hits, 2u);
}

TEST_P(CachingResolverTest, AsksAgainWhenTheTtlIsOver) {
  source_->plans["a.test"].ttl = 10s;
  run(ask_at(cache_, "a.test", {0s, 10s, 9s}));
  EXPECT_THAT(asked(), ElementsAre("a.test", "a.test"));
}

TEST_P(CachingResolverTest, KeepsNoAnswerLongerThanTheMaximum) {
  source_->plans["a.test"].ttl = 24h;
  CachingResolver cache(source_, {.max_ttl = 30s});
  run(ask_at(cache, "a.test", {0s, 29s, 1s}));
  EXPECT_THAT(asked(), ElementsAre("a.test", "a.test"));
}

TEST_P(CachingResolverTest, KeepsEveryAnswerForTheMinimum) {
  source_->plans["a.test"].ttl = 0s;
  CachingResolver cache(source_, {.min_ttl = 3s});
  run(ask_at(cache, "a.test", {0s, 2s, 1s}));
  EXPECT_THAT(asked(), ElementsAre("a.test", "a.test"));
}

TEST_P(CachingResolverTest, KeepsNothingWhenItMayNot) {
  CachingResolver cache(source_, {.min_ttl = 0s, .max_ttl = 0s});
  run(ask_at(cache, "a.test", {0s, 0s}));
  EXPECT_EQ(asked().size(), 2u);
  CachingResolver none(source_, {.max_entries = 0});
  run(ask_at(none, "a.test", {0s, 0s}));
  EXPECT_EQ(asked().size(), 4u);
}

Task<> look_at_answers(CachingResolver& cache) {
  const Resolution first = co_await cache.resolve("a.test", 80, Family::any);
  EXPECT_THAT(texts(first), ElementsAre("192.0.2.1:80"));
  EXPECT_EQ(first.ttl, 60s);
  co_await sleep(12500ms);
  const Resolution second = co_await cache.resolve("A.Test", 443, Family::any);
  EXPECT_THAT(texts(second), ElementsAre("192.0.2.1:443"));
  EXPECT_EQ(second.ttl, 47s);
}

TEST_P(CachingResolverTest, GivesThePortThatWasAskedForAndTheRestOfTheTtl) {
  run(look_at_answers(cache_));
  EXPECT_THAT(asked(), ElementsAre("a.test"));
}

Task<> ask_for_families(CachingResolver& cache) {
  co_await cache.resolve("a.test", 80, Family::ipv4);
  co_await cache.resolve("a.test", 80, Family::ipv6);
  co_await cache.resolve("a.test", 80, Family::ipv4);
}

TEST_P(CachingResolverTest, KeepsTheFamiliesApart) {
  run(ask_for_families(cache_));
  EXPECT_EQ(asked().size(), 2u);
}

Task<> fail_at(CachingResolver& cache, Kind kind, std::vector<Clock::duration> pauses) {
  for (const auto pause : pauses) {
    co_await sleep(pause);
    EXPECT_EQ(co_await failure_of(cache, "a.test", kind), "cannot resolve a.test: as planned");
  }
}

TEST_P(CachingResolverTest, RemembersForAShortWhileThatANameDoesNotExist) {
  source_->plans["a.test"].error = Kind::not_found;
  run(fail_at(cache_, Kind::not_found, {0s, 4s, 1s, 1s}));
  EXPECT_EQ(asked().size(), 2u);
}

TEST_P(CachingResolverTest, RemembersNoOtherFailure) {
  source_->plans["a.test"].error = Kind::timed_out;
  run(fail_at(cache_, Kind::timed_out, {0s, 0s, 0s}));
  EXPECT_EQ(asked().size(), 3u);
}

TEST_P(CachingResolverTest, NeedNotRememberThatANameDoesNotExist) {
  source_->plans["a.test"].error = Kind::no_address;
  CachingResolver cache(source_, {.negative_ttl = 0s});
  run(fail_at(cache, Kind::no_address, {0s, 0s}));
  EXPECT_EQ(asked().size(), 2u);
}

Task<> ask_together(CachingResolver& cache) {
  auto all = co_await gather(addresses_of(cache, "a.test"), addresses_of(cache, "A.TEST"),
                             addresses_of(cache, "a.test"));
  EXPECT_THAT(std::get<0>(all), ElementsAre("192.0.2.1:80"));
  EXPECT_EQ(std::get<0>(all), std::get<1>(all));
  EXPECT_EQ(std::get<0>(all), std::get<2>(all));
}

TEST_P(CachingResolverTest, AsksOnceForAllWhoAskAtTheSameTime) {
  source_->plans["a.test"] = {.after = 100ms, .ttl = 0s};
  run(ask_together(cache_));
  EXPECT_THAT(asked(), ElementsAre("a.test"));
  EXPECT_EQ(time_.elapsed(), 100ms);
}

Task<> fail_together(CachingResolver& cache) {
  co_await gather(failure_of(cache, "a.test", Kind::refused),
                  failure_of(cache, "a.test", Kind::refused));
}

TEST_P(CachingResolverTest, TellsAllOfThemOfAFailure) {
  source_->plans["a.test"] = {.after = 100ms, .error = Kind::refused};
  run(fail_together(cache_));
  EXPECT_THAT(asked(), ElementsAre("a.test"));
}

Task<> cancel_the_first(CachingResolver& cache) {
  auto both = co_await gather(return_exceptions, timeout(20ms, addresses_of(cache, "a.test")),
                              addresses_of(cache, "a.test"));
  EXPECT_THROW(static_cast<void>(std::get<0>(both).value()), TimeoutError);
  EXPECT_THAT(std::get<1>(both).value(), ElementsAre("192.0.2.1:80"));
}

TEST_P(CachingResolverTest, GoesOnForTheOthersWhenTheOneWhoAskedFirstIsCancelled) {
  source_->plans["a.test"].after = 100ms;
  run(cancel_the_first(cache_));
  EXPECT_THAT(asked(), ElementsAre("a.test"));
  EXPECT_THAT(source_->cancelled, IsEmpty());
}

Task<> cancel_all(CachingResolver& cache, FakeResolver& source) {
  co_await gather(return_exceptions, timeout(20ms, addresses_of(cache, "a.test")),
                  timeout(30ms, addresses_of(cache, "a.test")));
  co_await sleep(0ms);
  EXPECT_THAT(source.cancelled, ElementsAre("a.test"));
  EXPECT_THAT(co_await addresses_of(cache, "a.test"), ElementsAre("192.0.2.1:80"));
}

TEST_P(CachingResolverTest, CancelsTheQuestionWithTheLastWhoWaits) {
  source_->plans["a.test"].after = 100ms;
  run(cancel_all(cache_, *source_));
  EXPECT_THAT(asked(), ElementsAre("a.test", "a.test"));
  EXPECT_EQ(time_.elapsed(), 130ms);
}

Task<> ask_again_at_once(CachingResolver& cache) {
  EXPECT_THROW(co_await timeout(20ms, addresses_of(cache, "a.test")), TimeoutError);
  EXPECT_THAT(co_await addresses_of(cache, "a.test"), ElementsAre("192.0.2.1:80"));
}

TEST_P(CachingResolverTest, AsksAnewWhileAQuestionThatWasGivenUpIsStillEnding) {
  source_->plans["a.test"].after = 100ms;
  run(ask_again_at_once(cache_));
  EXPECT_THAT(source_->cancelled, ElementsAre("a.test"));
}

Task<> cancel_before_it_begins(CachingResolver& cache) {
  EXPECT_THROW(co_await timeout(0ms, addresses_of(cache, "a.test")), TimeoutError);
}

TEST_P(CachingResolverTest, MayBeDestroyedWhileAQuestionIsEnding) {
  source_->plans["a.test"].after = 100ms;
  auto cache = std::make_unique<CachingResolver>(source_);
  EventLoop loop({.backend = GetParam(), .time = &time_});
  loop.run_until_complete(cancel_before_it_begins(*cache));
  cache.reset();
  loop.close();
  EXPECT_EQ(asked().size(), source_->cancelled.size());
}

Task<> ask_for_three(CachingResolver& cache) {
  co_await addresses_of(cache, "a.test");
  co_await addresses_of(cache, "b.test");
  co_await addresses_of(cache, "a.test");
  co_await addresses_of(cache, "c.test");  // b goes: a was used after it
  co_await addresses_of(cache, "a.test");
  co_await addresses_of(cache, "b.test");
}

TEST_P(CachingResolverTest, DropsTheNameThatWasNotUsedForTheLongestTime) {
  CachingResolver cache(source_, {.max_entries = 2});
  run(ask_for_three(cache));
  EXPECT_THAT(asked(), ElementsAre("a.test", "b.test", "c.test", "b.test"));
  EXPECT_EQ(cache.size(), 2u);
  cache.clear();
  EXPECT_EQ(cache.size(), 0u);
}

TEST_P(CachingResolverTest, LetsAddressesAndLocalhostPassBy) {
  EXPECT_THAT(run(addresses_of(cache_, "127.0.0.9")), ElementsAre("127.0.0.9:80"));
  CachingResolver second(source_);
  EXPECT_THAT(run(addresses_of(second, "localhost", Family::ipv4)), ElementsAre("127.0.0.1:80"));
  EXPECT_THAT(asked(), IsEmpty());
  EXPECT_EQ(cache_.size(), 0u);
}

TEST_P(CachingResolverTest, SaysThatItsLoopIsClosed) {
  run(addresses_of(cache_, "a.test"));
  try {
    run(addresses_of(cache_, "a.test"));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const LoopClosedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("; the DNS cache belonged to it"));
  }
}

Task<> wait_in_background(CachingResolver& cache) {
  co_await failure_of(cache, "a.test", Kind::closed);
}

Task<> leave_behind(CachingResolver& cache) {
  get_running_loop().finish_in_background(wait_in_background(cache));
  co_await sleep(1ms);
}

TEST_P(CachingResolverTest, EndsWithItsLoopWhenTheSourceNeverAnswers) {
  source_->plans["a.test"].after = 1h;
  run(leave_behind(cache_));
  EXPECT_THAT(source_->cancelled, ElementsAre("a.test"));
  EXPECT_EQ(time_.elapsed(), 1ms + 5s);  // the shutdown time-out
}

}  // namespace
}  // namespace rondo::dns
