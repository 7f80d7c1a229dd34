// L8: a run that can never go on says so.

#include <gmock/gmock.h>
#include <signal.h>

#include <future>
#include <latch>
#include <optional>
#include <thread>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run_coroutine_threadsafe.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DeadlockTest : public OnEachBackend {
 protected:
  /// The error that ends a run of `main`.
  std::optional<DeadlockError> deadlock_of(Task<> main) {
    try {
      run(std::move(main));
    } catch (const DeadlockError& error) {
      return error;
    }
    return std::nullopt;
  }
};
RONDO_ON_EACH_BACKEND(DeadlockTest);

Task<> acquire(Semaphore& permits) {
  co_await permits.acquire();
}

Task<> acquire_twice(Semaphore& permits, bool& was_cancelled) {
  try {
    co_await gather(acquire(permits), acquire(permits));
  } catch (const Cancelled&) {
    was_cancelled = true;
    throw;
  }
}

TEST_P(DeadlockTest, EndsTheRunWithTheTreeOfItsTasks) {
  Semaphore none(0);
  bool was_cancelled = false;
  const auto error = deadlock_of(acquire_twice(none, was_cancelled));
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(),
              ::testing::MatchesRegex("deadlock: nothing can wake the event loop created at "
                                      "deadlock_test.cpp:[0-9]+ any more, and 3 tasks still wait"));
  EXPECT_THAT(error->details(), HasSubstr("└─ rondo::acquire_twice  waiting 0.0 s\n"));
  EXPECT_THAT(error->details(), HasSubstr("   └─ rondo::acquire × 2  waiting 0.0 s\n"));
  EXPECT_THAT(error->details(), HasSubstr("at semaphore.cpp:"));
  EXPECT_TRUE(was_cancelled) << "and the tasks are cancelled and awaited";
  EXPECT_THAT(reports_, IsEmpty()) << "nothing is told twice";
}

TEST_P(DeadlockTest, IsSeenBesideTheHandlerOfCtrlC) {
  Semaphore none(0);
  auto amain = [&]() -> Task<> {
    co_await sleep(1ms);
    co_await none.acquire();
  };
  EXPECT_THROW(rondo::run(amain(), {.backend = GetParam(), .handle_sigint = true}), DeadlockError);
}

TEST_P(DeadlockTest, IsNoneWhenCtrlCHasComeAlready) {
  Semaphore none(0);
  auto amain = [&]() -> Task<> {
    ::raise(SIGINT);
    co_await none.acquire();
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), Interrupted);
}

TEST_P(DeadlockTest, IsSeenBehindATaskThatNobodyCanCancel) {
  Semaphore none(0);
  std::future<void> future;
  auto amain = [&]() -> Task<> {
    future = run_coroutine_threadsafe(get_running_loop().handle(), [&] { return acquire(none); });
    co_await none.acquire();
  };
  EXPECT_TRUE(deadlock_of(amain()));
  EXPECT_THROW(future.get(), LoopClosedError);
}

TEST_P(DeadlockTest, OfALoopThatIsDrivenByHand) {
  EventLoop loop(options());
  EXPECT_THROW(loop.run_forever(), DeadlockError);
  EXPECT_FALSE(loop.is_running());
  loop.close();
}

TEST_P(DeadlockTest, IsNoneWhileATimerRuns) {
  Semaphore none(0);
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1h, none.acquire()), TimeoutError);
  };
  EXPECT_FALSE(deadlock_of(amain()));
  EXPECT_EQ(time_.elapsed(), 1h);
}

TEST_P(DeadlockTest, IsNoneWhileAThreadWorks) {
  std::latch released(1);
  auto amain = [&]() -> Task<> {
    get_running_loop().call_later(1ms, [&] { released.count_down(); });
    co_await to_thread([&] { released.wait(); });
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(DeadlockTest, IsSeenHoweverLateTheThreadIsThatHasWorked) {
  auto amain = [](Semaphore& none) -> Task<> {
    co_await to_thread([] {});
    co_await none.acquire();
  };
  // The worker may end before the loop looks, after it, or in between.
  for (int i = 0; i < 300; ++i) {
    Semaphore none(0);
    ASSERT_TRUE(deadlock_of(amain(none)));
  }
}

TEST_P(DeadlockTest, IsNoneWhileSomebodyOutsideHoldsAHandle) {
  Semaphore permit(0);
  auto amain = [&]() -> Task<> {
    std::thread other([&permit, handle = get_running_loop().handle()] {
      handle.call_soon_threadsafe([&permit] { permit.release(); });
    });
    co_await permit.acquire();
    other.join();
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(DeadlockTest, IsSeenWhenTheLastHandleGoes) {
  Semaphore none(0);
  std::thread other;
  auto amain = [&]() -> Task<> {
    std::latch waits(1);
    get_running_loop().call_soon([&] { waits.count_down(); });
    other = std::thread([handle = std::optional(get_running_loop().handle()), &waits]() mutable {
      waits.wait();
      auto copy = *handle;
      handle.reset();
    });
    co_await none.acquire();
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), DeadlockError);
  other.join();
}

}  // namespace
}  // namespace rondo
