#include "rondo/runtime/run_coroutine_threadsafe.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "loop_thread.hpp"
#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class RunCoroutineThreadsafeTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(RunCoroutineThreadsafeTest);

/// What the future throws, which must be there already or come without help.
template <class E, class T>
E error_of(std::future<T> future) {
  try {
    future.get();
  } catch (const E& error) {
    return error;
  }
  throw std::logic_error("no exception");
}

TEST_P(RunCoroutineThreadsafeTest, GivesTheValueOfATaskThatRanOnTheLoop) {
  LoopThread other(real_time_options());
  auto task = [](std::unique_ptr<int> number) -> Task<std::pair<std::thread::id, int>> {
    co_await sleep(1ms);
    co_return std::pair(std::this_thread::get_id(), *number);
  };
  auto future = run_coroutine_threadsafe(other.handle(), task, std::make_unique<int>(5));
  const auto [thread, number] = future.get();
  EXPECT_EQ(thread, other.id());
  EXPECT_EQ(number, 5);
}

TEST_P(RunCoroutineThreadsafeTest, GivesAValueThatCanOnlyBeMoved) {
  LoopThread other(real_time_options());
  auto task = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
  EXPECT_EQ(*run_coroutine_threadsafe(other.handle(), task).get(), 3);
}

TEST_P(RunCoroutineThreadsafeTest, GivesTheExceptionOfTheTask) {
  LoopThread other(real_time_options());
  auto task = []() -> Task<> {
    co_await sleep(1ms);
    throw std::out_of_range("row 7");
  };
  auto future = run_coroutine_threadsafe(other.handle(), task);
  EXPECT_STREQ(error_of<std::out_of_range>(std::move(future)).what(), "row 7");
}

TEST_P(RunCoroutineThreadsafeTest, SeveralThreadsMaySendAsMuchAsTheyLike) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 500;
  LoopThread other(real_time_options());
  int sum = 0;  // the loop's own
  auto add = [&](int number) -> Task<int> {
    co_await sleep(0s);
    sum += number;
    co_return number;
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      std::vector<std::future<int>> futures;
      for (int i = 0; i < kCalls; ++i) {
        futures.push_back(run_coroutine_threadsafe(other.handle(), add, i));
      }
      for (int i = 0; i < kCalls; ++i) EXPECT_EQ(futures[static_cast<std::size_t>(i)].get(), i);
    });
  }
  for (auto& thread : threads) thread.join();
  other.close();
  EXPECT_EQ(sum, kThreads * kCalls * (kCalls - 1) / 2);
}

TEST_P(RunCoroutineThreadsafeTest, CallableAndArgumentsAreFreedBeforeTheFutureIsReady) {
  LoopThread other(real_time_options());
  auto held = std::make_shared<int>(0);
  auto task = [held](std::shared_ptr<int>) -> Task<> { co_await sleep(1ms); };
  auto future = run_coroutine_threadsafe(other.handle(), std::move(task), held);
  future.get();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(RunCoroutineThreadsafeTest, MayBeSentFromTheLoopsOwnThread) {
  auto amain = []() -> Task<int> {
    auto task = []() -> Task<int> { co_return 4; };
    auto future = run_coroutine_threadsafe(get_running_loop().handle(), task);
    while (future.wait_for(0s) != std::future_status::ready) co_await sleep(1ms);
    co_return future.get();
  };
  EXPECT_EQ(run(amain()), 4);
}

TEST_P(RunCoroutineThreadsafeTest, IsRefusedByAClosedLoop) {
  std::optional<LoopHandle> handle;
  {
    const EventLoop loop(options());
    handle = loop.handle();
  }
  auto held = std::make_shared<int>(0);
  auto task = [held]() -> Task<> { co_return; };
  try {
    static_cast<void>(run_coroutine_threadsafe(*handle, std::move(task)));
    ADD_FAILURE() << "no exception";
  } catch (const LoopClosedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Event loop is closed: by ~EventLoop()"));
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(RunCoroutineThreadsafeTest, ATaskThatTheLoopNeverBeganIsToldSo) {
  std::future<void> future;
  bool begun = false;
  auto task = [&]() -> Task<> {
    begun = true;
    co_return;
  };
  {
    const EventLoop loop(options());
    std::thread([&, handle = loop.handle()] {
      future = run_coroutine_threadsafe(handle, task);
    }).join();
  }
  EXPECT_THAT(
      error_of<LoopClosedError>(std::move(future)).what(),
      MatchesRegex("Event loop is closed: by ~EventLoop\\(\\) at .*_test.cpp:[0-9]+ on "
                   "thread 'main', [0-9.]+ s ago; the task of run_coroutine_threadsafe\\(\\) "
                   "at run_coroutine_threadsafe_test.cpp:[0-9]+, never begun, belonged to "
                   "it"));
  EXPECT_FALSE(begun);
}

TEST_P(RunCoroutineThreadsafeTest, ATaskIsCancelledAndAwaitedWhenItsLoopCloses) {
  std::latch begun(1);
  bool cleaned_up = false;
  auto task = [&]() -> Task<> {
    begun.count_down();
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    auto step = []() -> Task<> { co_await sleep(1ms); };
    co_await shield(step());
    cleaned_up = true;
    co_await sleep(1h);
  };
  LoopThread other(real_time_options());
  auto future = run_coroutine_threadsafe(other.handle(), task);
  begun.wait();
  other.close();
  EXPECT_TRUE(cleaned_up);
  const auto error = error_of<LoopClosedError>(std::move(future));
  EXPECT_THAT(error.what(),
              MatchesRegex("Event loop is closing; the task of run_coroutine_threadsafe\\(\\) at "
                           "run_coroutine_threadsafe_test.cpp:[0-9]+, cancelled, belonged to it"));
  EXPECT_THAT(error.details(), MatchesRegex("the loop was created at .*hpp:[0-9]+"));
}

TEST_P(RunCoroutineThreadsafeTest, ATaskThatEndsWithAValueInTheExitSequenceGivesIt) {
  std::latch begun(1);
  auto task = [&]() -> Task<int> {
    begun.count_down();
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    co_return 6;
  };
  LoopThread other(real_time_options());
  auto future = run_coroutine_threadsafe(other.handle(), task);
  begun.wait();
  other.close();
  EXPECT_EQ(future.get(), 6);
}

TEST_P(RunCoroutineThreadsafeTest, ATaskThatWasAbandonedAtTheShutdownTimeOutIsToldSo) {
  auto loop_options = real_time_options();
  loop_options.shutdown_timeout = 20ms;
  std::latch begun(1);
  auto task = [&]() -> Task<> {
    begun.count_down();
    auto forever = []() -> Task<> { co_await never_released().acquire(); };
    co_await shield(forever());
  };
  LoopThread other(loop_options);
  auto future = run_coroutine_threadsafe(other.handle(), task);
  begun.wait();
  other.close();
  EXPECT_THAT(error_of<LoopClosedError>(std::move(future)).what(),
              HasSubstr(", late at the shutdown time-out, belonged to it"));
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("did not end within the shutdown time-out")));
}

TEST_P(RunCoroutineThreadsafeTest, ATaskThatIsCancelledByItselfGivesCancelled) {
  auto task = []() -> Task<> {
    CancelScope scope;
    scope.cancel();
    co_await sleep(1s);
  };
  LoopThread other(real_time_options());
  EXPECT_THROW(run_coroutine_threadsafe(other.handle(), task).get(), Cancelled);
}

TEST_P(RunCoroutineThreadsafeTest, ThreadsMaySendWhileTheLoopCloses) {
  int answered = 0;
  std::latch started(1);
  LoopThread other(real_time_options());
  std::thread sender([&, handle = other.handle()] {
    auto task = []() -> Task<int> {
      co_await sleep(1ms);
      co_return 1;
    };
    std::vector<std::future<int>> futures;
    try {
      while (true) {
        futures.push_back(run_coroutine_threadsafe(handle, task));
        if (futures.size() == 10) started.count_down();
      }
    } catch (const LoopClosedError&) {
    }
    for (auto& future : futures) {
      try {
        answered += future.get();
      } catch (const LoopClosedError&) {
        ++answered;
      }
    }
    answered -= static_cast<int>(futures.size());
  });
  started.wait();
  other.close();
  sender.join();
  EXPECT_EQ(answered, 0) << "each future has a value or LoopClosedError";
}

}  // namespace
}  // namespace rondo
