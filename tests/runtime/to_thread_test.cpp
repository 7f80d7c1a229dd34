#include "rondo/runtime/to_thread.hpp"

#include <gmock/gmock.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <latch>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class ToThreadTest : public OnEachBackend {
 protected:
  RunOptions one_worker() {
    auto options = real_time_options();
    options.max_worker_threads = 1;
    return options;
  }
};
RONDO_ON_EACH_BACKEND(ToThreadTest);

int add(int a, int b) {
  return a + b;
}

TEST_P(ToThreadTest, GivesTheValueFromAnotherThread) {
  auto amain = []() -> Task<> {
    const auto loop_thread = std::this_thread::get_id();
    const auto worker = co_await to_thread([] { return std::this_thread::get_id(); });
    EXPECT_NE(worker, loop_thread);
    EXPECT_EQ(std::this_thread::get_id(), loop_thread);
    EXPECT_EQ(co_await to_thread(add, 2, 3), 5);
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(ToThreadTest, TakesAndGivesWhatCanOnlyBeMoved) {
  auto amain = []() -> Task<> {
    auto increment = [](std::unique_ptr<int> value) {
      ++*value;
      return value;
    };
    const auto value = co_await to_thread(increment, std::make_unique<int>(4));
    EXPECT_EQ(*value, 5);
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(ToThreadTest, CallsWhatGivesNothing) {
  std::atomic<int> called = 0;
  auto amain = [&]() -> Task<> {
    co_await to_thread([&] { ++called; });
    co_await to_thread([](std::atomic<int>& counter) { ++counter; }, std::ref(called));
  };
  rondo::run(amain(), real_time_options());
  EXPECT_EQ(called, 2);
}

TEST_P(ToThreadTest, ThrowsWhatTheCallThrows) {
  auto amain = []() -> Task<> {
    try {
      co_await to_thread([]() -> int { throw std::out_of_range("in the thread"); });
      ADD_FAILURE() << "no exception";
    } catch (const std::out_of_range& error) {
      EXPECT_STREQ(error.what(), "in the thread");
    }
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(ToThreadTest, ACallableWithOwningCapturesIsGivenByName) {
  auto amain = []() -> Task<> {
    const std::string text = "a text that is too long for any small string";
    auto length = [owned = std::make_shared<std::string>(text)] { return owned->size(); };
    EXPECT_EQ(co_await to_thread(length), text.size());
    EXPECT_EQ(co_await to_thread(std::ref(length)), text.size());
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(ToThreadTest, RunsAThousandCalls) {
  auto amain = []() -> Task<int> {
    std::vector<Task<int>> calls;
    for (int i = 0; i < 1000; ++i) calls.push_back(to_thread(add, i, 0));
    int sum = 0;
    for (const int value : co_await gather(std::move(calls))) sum += value;
    co_return sum;
  };
  EXPECT_EQ(rondo::run(amain(), real_time_options()), 499'500);
}

TEST_P(ToThreadTest, RunsCallsSideBySideUpToTheLimit) {
  constexpr int kThreads = 3;
  std::latch all_here(kThreads);
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  auto meet = [&] {
    most = std::max(most.load(), ++at_once);
    all_here.arrive_and_wait();  // only passed when all of them run at the same time
    --at_once;
  };
  auto amain = [&]() -> Task<> {
    std::vector<Task<>> calls;
    for (int i = 0; i < kThreads; ++i) calls.push_back(to_thread(meet));
    co_await gather(std::move(calls));
  };
  auto options = real_time_options();
  options.max_worker_threads = kThreads;
  rondo::run(amain(), options);
  EXPECT_GE(most, 1);
}

TEST_P(ToThreadTest, NeverRunsMoreThanTheLimit) {
  std::atomic<int> at_once = 0;
  std::atomic<bool> too_many = false;
  auto amain = [&]() -> Task<> {
    auto count = [&] {
      if (++at_once > 2) too_many = true;
      std::this_thread::yield();
      --at_once;
    };
    std::vector<Task<>> calls;
    for (int i = 0; i < 200; ++i) calls.push_back(to_thread(count));
    co_await gather(std::move(calls));
  };
  auto options = real_time_options();
  options.max_worker_threads = 2;
  rondo::run(amain(), options);
  EXPECT_FALSE(too_many);
}

TEST_P(ToThreadTest, OneThreadRunsTheCallsInOrder) {
  std::vector<int> order;
  auto amain = [&]() -> Task<> {
    std::vector<Task<>> calls;
    for (int i = 0; i < 100; ++i) calls.push_back(to_thread([&](int n) { order.push_back(n); }, i));
    co_await gather(std::move(calls));
  };
  rondo::run(amain(), one_worker());
  ASSERT_EQ(order.size(), 100U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_P(ToThreadTest, InACancelledScopeNothingIsStarted) {
  std::atomic<bool> called = false;
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    scope.cancel();
    EXPECT_THROW(co_await to_thread([&] { called = true; }), Cancelled);
  };
  rondo::run(amain(), real_time_options());
  EXPECT_FALSE(called);
}

TEST_P(ToThreadTest, ACallThatHasBegunRunsToItsEndAndKeepsItsResult) {
  std::latch begun(1);
  std::latch release(1);
  auto blocking = [&] {
    begun.count_down();
    release.wait();
    return 7;
  };
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    auto call = [&]() -> Task<int> {
      const int value = co_await to_thread(blocking);
      EXPECT_THROW(co_await sleep(1h), Cancelled);
      co_return value;
    };
    auto cancel = [&]() -> Task<> {
      begun.wait();
      scope.cancel();
      co_await shield([]() -> Task<> { co_await sleep(0s); }());
      release.count_down();
    };
    const auto results = co_await gather(call(), cancel());
    EXPECT_EQ(std::get<0>(results), 7);
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(ToThreadTest, ACallThatWaitsForAThreadCanBeCancelled) {
  std::latch release(1);
  std::atomic<bool> called = false;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(to_thread([&] { release.wait(); }));
      auto waiting = group.spawn(to_thread([&] { called = true; }));
      co_await sleep(0s);
      waiting.cancel();
      co_await waiting.wait();  // while the only thread is busy
      EXPECT_TRUE(waiting.cancelled());
      release.count_down();
    });
  };
  rondo::run(amain(), one_worker());
  EXPECT_FALSE(called);
}

TEST_P(ToThreadTest, CancellingOneOfSeveralWaitingCallsLeavesTheOthersInOrder) {
  std::latch release(1);
  std::vector<int> order;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(to_thread([&] { release.wait(); }));
      std::vector<TaskHandle<void>> waiting;
      for (int i = 0; i < 5; ++i) {
        waiting.push_back(group.spawn(to_thread([&](int n) { order.push_back(n); }, i)));
      }
      co_await sleep(0s);
      waiting[1].cancel();
      waiting[3].cancel();
      release.count_down();
    });
  };
  rondo::run(amain(), one_worker());
  EXPECT_EQ(order, (std::vector{0, 2, 4}));
}

TEST_P(ToThreadTest, ThreadsAreReusedWhenTheyAreFree) {
  auto amain = []() -> Task<> {
    const auto first = co_await to_thread([] { return std::this_thread::get_id(); });
    // The worker may not be idle yet when its result is here; the one after that is.
    std::set<std::thread::id> seen{first};
    for (int i = 0; i < 50; ++i) {
      seen.insert(co_await to_thread([] { return std::this_thread::get_id(); }));
    }
    EXPECT_LE(seen.size(), 6U);
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(ToThreadTest, UnderVirtualTimeTheClockWaitsForTheThread) {
  bool overtaken = false;
  auto amain = [&]() -> Task<> {
    get_running_loop().call_later(1s, [&] { overtaken = true; });
    std::latch latch(1);
    co_await to_thread([&] { latch.count_down(); });
    EXPECT_FALSE(overtaken);
    EXPECT_EQ(time_.elapsed(), 0s);
  };
  run(amain());
}

TEST_P(ToThreadTest, WorkersHaveNamesAndBlockSignals) {
  auto amain = []() -> Task<> {
    auto look = [] {
      char name[16] = {};
      pthread_getname_np(pthread_self(), name, sizeof name);
      sigset_t blocked;
      pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
      EXPECT_TRUE(sigismember(&blocked, SIGINT) == 1 && sigismember(&blocked, SIGTERM) == 1);
      return std::string(name);
    };
    EXPECT_EQ(co_await to_thread(look), "rondo-worker-1");
  };
  rondo::run(amain(), real_time_options());
}

}  // namespace
}  // namespace rondo
