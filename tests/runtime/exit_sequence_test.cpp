// What happens between the end of main and the end of the loop (docs/design.md §5, L1).

#include <gmock/gmock.h>

#include <deque>
#include <latch>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/thread_pool.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "on_each_backend.hpp"
#include "own_resources.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class ExitSequenceTest : public OnEachBackend {
 protected:
  /// Starts `task` on `loop` and leaves it there unfinished.
  static void leave_pending(EventLoop& loop, Task<> task) {
    loop.stop();
    EXPECT_THROW(loop.run_until_complete(std::move(task)), InvalidStateError);
  }
};
RONDO_ON_EACH_BACKEND(ExitSequenceTest);

/// One for each loop. Never destroyed, so that the frames which are abandoned in it stay reachable.
Semaphore& never_released() {
  static auto* const semaphores = new std::deque<Semaphore>;
  return semaphores->emplace_back(0);
}

/// Belongs to a loop and may outlive it.
class Resident final : public detail::LoopResident {
 public:
  Resident(EventLoop& loop, std::string name, std::string& order)
      : loop_(loop), name_(std::move(name)), order_(order) {
    loop.add_resident(*this);
  }

  void on_loop_exit(detail::ExitReport&) noexcept override {
    order_ += name_ + " ";
    loop_.finish_in_background(say_goodbye());
  }

 private:
  Task<> say_goodbye() {
    co_await sleep(1s);
    order_ += "bye-" + name_ + " ";
  }

  EventLoop& loop_;
  std::string name_;
  std::string& order_;
};

TEST_P(ExitSequenceTest, EndsTasksThenResidentsThenTheirClosings) {
  std::string order;
  auto task = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      order += "cancelled ";
    }
    auto cleanup = []() -> Task<> { co_await sleep(1s); };
    co_await shield(cleanup());
    order += "task-ended ";
  };
  EventLoop loop(options());
  const Resident first(loop, "a", order);
  const Resident second(loop, "b", order);
  leave_pending(loop, task());
  loop.close();
  EXPECT_EQ(order, "cancelled task-ended a b bye-a bye-b ");
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("\n  task cancelled at the end of the loop: ")));
}

TEST_P(ExitSequenceTest, AResidentThatIsGoneIsNotAsked) {
  std::string order;
  EventLoop loop(options());
  {
    const Resident gone(loop, "gone", order);
  }
  loop.close();
  EXPECT_EQ(order, "");
}

TEST_P(ExitSequenceTest, ATaskThatRefusesToEndIsAbandonedAtTheDeadlineAndReported) {
  bool resumed = false;
  auto stubborn = [&]() -> Task<> {
    auto wait = []() -> Task<> { co_await never_released().acquire(); };
    co_await shield(wait());
    resumed = true;
  };
  auto loop_options = options();
  loop_options.shutdown_timeout = 3s;
  {
    EventLoop loop(loop_options);
    leave_pending(loop, stubborn());
    loop.close();
  }
  EXPECT_FALSE(resumed);
  EXPECT_EQ(time_.elapsed(), 3s);
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("did not end within the shutdown time-out")));
}

TEST_P(ExitSequenceTest, BackgroundWorkThatIsLateIsCancelledAndMayStillCleanUp) {
  std::string order;
  auto slow_close = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      order += "cancelled ";
    }
    auto step = []() -> Task<> { co_await sleep(0s); };
    co_await shield(step());
    order += "ended";
  };
  auto loop_options = options();
  loop_options.shutdown_timeout = 2s;
  EventLoop loop(loop_options);
  loop.finish_in_background(slow_close());
  loop.close();
  EXPECT_EQ(order, "cancelled ended");
  EXPECT_EQ(time_.elapsed(), 2s);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_P(ExitSequenceTest, BackgroundWorkThatNeverEndsIsAbandonedAndReported) {
  auto stuck = []() -> Task<> {
    auto wait = []() -> Task<> { co_await never_released().acquire(); };
    co_await shield(wait());
  };
  auto loop_options = options();
  loop_options.shutdown_timeout = 2s;
  EventLoop loop(loop_options);
  loop.finish_in_background(stuck());
  loop.close();
  EXPECT_THAT(reports_,
              ElementsAre(HasSubstr("\n  clean-up did not end within the shutdown time-out: ")));
}

TEST_P(ExitSequenceTest, TheTimeOutCoversEverythingTogether) {
  auto slow = []() -> Task<> {
    auto step = []() -> Task<> { co_await sleep(1500ms); };
    co_await shield(step());
  };
  auto endless = []() -> Task<> { co_await sleep(1h); };
  auto loop_options = options();
  loop_options.shutdown_timeout = 2s;
  EventLoop loop(loop_options);
  leave_pending(loop, slow());
  loop.finish_in_background(endless());
  loop.close();
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(ExitSequenceTest, TheLongestTimeOutThereIsMeansToWait) {
  bool ended = false;
  auto slow = [&]() -> Task<> {
    co_await sleep(1h);
    ended = true;
  };
  auto loop_options = options();
  loop_options.shutdown_timeout = Clock::duration::max();
  EventLoop loop(loop_options);
  loop.finish_in_background(slow());
  loop.close();
  EXPECT_TRUE(ended);
}

TEST_P(ExitSequenceTest, NoTimeAtAllStillCancels) {
  for (const auto none : {Clock::duration(0), Clock::duration::min()}) {
    bool cancelled = false;
    auto task = [&]() -> Task<> {
      try {
        co_await sleep(1h);
      } catch (const Cancelled&) {
        cancelled = true;
        throw;
      }
    };
    auto loop_options = options();
    loop_options.shutdown_timeout = none;
    EventLoop loop(loop_options);
    leave_pending(loop, task());
    loop.close();
    EXPECT_TRUE(cancelled);
  }
}

TEST_P(ExitSequenceTest, TheErrorOfATaskThatIsCancelledHereIsLogged) {
  auto task = []() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      throw std::runtime_error("flush failed");
    }
  };
  EventLoop loop(options());
  leave_pending(loop, task());
  loop.close();
  EXPECT_THAT(reports_,
              ElementsAre("error in a task that nobody waits for: std::runtime_error: flush failed",
                          HasSubstr("\n  task cancelled at the end of the loop: ")));
}

TEST_P(ExitSequenceTest, AGroupOfErrorsIsLoggedWithAllOfThem) {
  auto fail = [](std::string what) -> Task<> {
    co_await sleep(1ms);
    throw std::runtime_error(what);
  };
  auto task = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(fail, "flush failed");
      group.spawn(fail, "sync failed");
      co_return;
    });
  };
  EventLoop loop(options());
  loop.finish_in_background(task());
  loop.close();
  EXPECT_THAT(reports_, ElementsAre("error in a task that nobody waits for: rondo::ExceptionGroup: "
                                    "2 failures; first: std::runtime_error: flush failed\n"
                                    "  std::runtime_error: flush failed\n"
                                    "  std::runtime_error: sync failed"));
}

TEST_P(ExitSequenceTest, CallbacksThatWereNotDueYetAreDestroyedUncalled) {
  const auto held = std::make_shared<int>(0);
  EventLoop loop(options());
  loop.call_later(1s, [held] { FAIL() << "not due"; });
  loop.call_soon([held] { FAIL() << "no turn left"; });
  loop.close();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(ExitSequenceTest, AWorkerThatDoesNotReturnIsNamedAndLeftBehind) {
  std::latch begun(1);
  std::latch release(1);
  std::latch left(1);
  const std::size_t threads = live_threads();
  {
    auto loop_options = real_time_options();
    loop_options.shutdown_timeout = 20ms;
    EventLoop loop(loop_options);
    loop.threads().submit([&] {
      begun.count_down();
      release.wait();
      left.count_down();
    });
    begun.wait();
    loop.close();
  }
  EXPECT_THAT(reports_,
              ElementsAre(MatchesRegex(
                  "at the end of the event loop created at exit_sequence_test.cpp:[0-9]+:\n"
                  "  worker thread 'rondo-worker-1' did not return within the shutdown time-out")));
  release.count_down();
  left.wait();
  EXPECT_TRUE(has_threads(threads));
}

TEST_P(ExitSequenceTest, AWorkerThatReturnsInTimeIsJoined) {
  const std::size_t threads = live_threads();
  bool returned = false;
  {
    EventLoop loop(real_time_options());
    std::latch begun(1);
    loop.threads().submit([&] {
      begun.count_down();
      returned = true;
    });
    begun.wait();
  }
  EXPECT_TRUE(returned);
  EXPECT_TRUE(has_threads(threads));
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_P(ExitSequenceTest, WaitsForATaskWhoseThreadIsStillBusy) {
  bool ended = false;
  std::latch begun(1);
  auto task = [&]() -> Task<> {
    co_await to_thread([&] { begun.count_down(); });
    ended = true;
  };
  {
    EventLoop loop(real_time_options());
    leave_pending(loop, task());
    begun.wait();
  }
  EXPECT_TRUE(ended);
}

TEST_P(ExitSequenceTest, AThousandPendingTasksAreAllAwaited) {
  int cleaned_up = 0;
  auto child = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    auto step = []() -> Task<> { co_await sleep(1ms); };
    co_await shield(step());
    ++cleaned_up;
  };
  auto parent = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 1000; ++i) group.spawn(child);
      co_return;
    });
  };
  EventLoop loop(options());
  leave_pending(loop, parent());
  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();
  loop.close();
  EXPECT_EQ(cleaned_up, 1000);
}

}  // namespace
}  // namespace rondo
