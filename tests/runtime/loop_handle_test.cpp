// What other threads hold of a loop.

#include "rondo/runtime/loop_handle.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <thread>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/semaphore.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class LoopHandleTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(LoopHandleTest);

TEST_P(LoopHandleTest, CallbacksFromSeveralThreadsAllRunOnTheLoopsThread) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 2'000;
  EventLoop loop(real_time_options());
  const auto loop_thread = std::this_thread::get_id();
  int called = 0;
  std::vector<int> last_of(kThreads, -1);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t, handle = loop.handle()] {
      for (int i = 0; i < kCalls; ++i) {
        handle.call_soon_threadsafe([&, t, i] {
          EXPECT_EQ(std::this_thread::get_id(), loop_thread);
          EXPECT_EQ(last_of[static_cast<std::size_t>(t)], i - 1) << "a thread's calls keep order";
          last_of[static_cast<std::size_t>(t)] = i;
          if (++called == kThreads * kCalls) loop.stop();
        });
      }
    });
  }
  loop.run_forever();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(called, kThreads * kCalls);
}

TEST_P(LoopHandleTest, WakesALoopThatHasNothingToDo) {
  EventLoop loop(real_time_options());
  std::latch is_waiting(1);
  loop.call_soon([&] { is_waiting.count_down(); });
  std::thread other([&, handle = loop.handle()] {
    is_waiting.wait();
    handle.call_soon_threadsafe([&] { loop.stop(); });
  });
  loop.run_forever();  // ends: there is no timer that could end it
  other.join();
}

TEST_P(LoopHandleTest, WakesATask) {
  auto amain = []() -> Task<int> {
    Semaphore ready(0);
    int result = 0;
    std::thread other([&, handle = get_running_loop().handle()] {
      handle.call_soon_threadsafe([&] {
        result = 9;
        ready.release();
      });
    });
    co_await ready.acquire();
    other.join();
    co_return result;
  };
  EXPECT_EQ(rondo::run(amain(), real_time_options()), 9);
}

TEST_P(LoopHandleTest, WhatACallbackThrowsGoesToTheLogAndTheNextOnesRun) {
  EventLoop loop(real_time_options());
  std::thread([handle = loop.handle(), &loop] {
    handle.call_soon_threadsafe([] { throw std::runtime_error("posted"); });
    handle.call_soon_threadsafe([&] { loop.stop(); });
  }).join();
  loop.run_forever();
  EXPECT_THAT(reports_, ::testing::ElementsAre("error in a callback: std::runtime_error: posted"));
}

TEST_P(LoopHandleTest, AfterTheEndEveryThreadIsToldHowTheLoopEnded) {
  std::optional<LoopHandle> handle;
  {
    EventLoop loop(options());
    handle = loop.handle();
    EXPECT_FALSE(handle->is_closed());
    EXPECT_EQ(handle->get(), &loop);
  }
  EXPECT_TRUE(handle->is_closed());
  EXPECT_EQ(handle->get(), nullptr);
  const auto refused = [&] {
    try {
      handle->call_soon_threadsafe([] {});
      ADD_FAILURE() << "no exception";
    } catch (const LoopClosedError& error) {
      EXPECT_THAT(
          error.what(),
          MatchesRegex("Event loop is closed: by ~EventLoop\\(\\) at "
                       "loop_handle_test.cpp:[0-9]+ on thread 'main', [0-9]+\\.[0-9] s ago"));
      EXPECT_THAT(error.details(),
                  MatchesRegex("the loop was created at loop_handle_test.cpp:[0-9]+ "
                               "on thread 'main'"));
    }
  };
  refused();
  std::thread(refused).join();
}

TEST_P(LoopHandleTest, ARefusedCallbackIsDestroyed) {
  std::optional<LoopHandle> handle;
  {
    EventLoop loop(options());
    handle = loop.handle();
  }
  const auto held = std::make_shared<int>(0);
  EXPECT_THROW(handle->call_soon_threadsafe([held] {}), LoopClosedError);
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(LoopHandleTest, ACallbackThatWasAcceptedTooLateIsDestroyedWithTheLoop) {
  const auto held = std::make_shared<int>(0);
  {
    EventLoop loop(options());
    std::thread([&, handle = loop.handle()] {
      handle.call_soon_threadsafe([held] { FAIL() << "the loop never ran"; });
    }).join();
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

/// Uses its loop's handle while it is destroyed, as a captured guard may.
struct PostsWhenDestroyed {
  explicit PostsWhenDestroyed(LoopHandle its_handle) : handle(std::move(its_handle)) {}
  ~PostsWhenDestroyed() {
    EXPECT_THROW(handle.call_soon_threadsafe([] {}), LoopClosedError);
  }
  LoopHandle handle;
};

TEST_P(LoopHandleTest, ADroppedCallbackMayUseTheHandleWhileItIsDestroyed) {
  EventLoop loop(options());
  std::thread([handle = loop.handle()] {
    auto guard = std::make_shared<PostsWhenDestroyed>(handle);
    handle.call_soon_threadsafe([guard] {});
  }).join();
  loop.close();
}

TEST_P(LoopHandleTest, ThreadsMayPostWhileTheLoopCloses) {
  std::atomic<int> accepted = 0;
  std::atomic<int> run_count = 0;
  std::vector<std::thread> threads;
  std::latch started(3);
  {
    EventLoop loop(real_time_options());
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, handle = loop.handle()] {
        started.count_down();
        try {
          while (true) {
            handle.call_soon_threadsafe([&] { ++run_count; });
            ++accepted;
          }
        } catch (const LoopClosedError&) {
        }
      });
    }
    started.wait();
    loop.call_later(5ms, [&] { loop.stop(); });
    loop.run_forever();
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GT(accepted, 0);
  EXPECT_LE(run_count, accepted);
}

TEST_P(LoopHandleTest, TellsLoopsApartByGeneration) {
  std::uint64_t first = 0;
  {
    EventLoop loop(options());
    first = loop.handle().generation();
    EXPECT_EQ(loop.handle().generation(), first);
  }
  EventLoop second(options());
  EXPECT_GT(second.handle().generation(), first);
}

TEST_P(LoopHandleTest, GivesTheLoopOnItsOwnThreadOnly) {
  EventLoop loop(options());
  std::thread([&, handle = loop.handle()] { EXPECT_EQ(handle.get(), nullptr); }).join();
  EXPECT_EQ(loop.handle().get(), &loop);
}

}  // namespace
}  // namespace rondo
