#include "rondo/runtime/run_on.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <deque>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "loop_thread.hpp"
#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class RunOnTest : public OnEachBackend {
 protected:
  /// Under the real time: what comes from another thread takes as long as it takes.
  template <class T>
  T run_here(Task<T> main) {
    return rondo::run(std::move(main), real_time_options());
  }
};
RONDO_ON_EACH_BACKEND(RunOnTest);

TEST_P(RunOnTest, GivesTheValueBackOnTheCallersLoop) {
  LoopThread other(real_time_options());
  auto task = [&](std::unique_ptr<int> number) -> Task<std::unique_ptr<int>> {
    EXPECT_EQ(std::this_thread::get_id(), other.id());
    co_await sleep(1ms);
    ++*number;
    co_return number;
  };
  auto amain = [&]() -> Task<int> {
    const auto thread = std::this_thread::get_id();
    auto number = co_await run_on(other.handle(), task, std::make_unique<int>(5));
    EXPECT_EQ(std::this_thread::get_id(), thread);
    co_return *number;
  };
  EXPECT_EQ(run_here(amain()), 6);
}

TEST_P(RunOnTest, TheCallersLoopGoesOnMeanwhile) {
  LoopThread other(real_time_options());
  std::atomic<bool> may_end = false;
  auto wait = [&]() -> Task<> {
    while (!may_end) co_await sleep(1ms);
  };
  auto let_go = [&]() -> Task<> {
    may_end = true;
    co_return;
  };
  auto amain = [&]() -> Task<> { co_await gather(run_on(other.handle(), wait), let_go()); };
  run_here(amain());
}

TEST_P(RunOnTest, ThrowsTheExceptionOfTheTask) {
  LoopThread other(real_time_options());
  auto fail = []() -> Task<int> {
    co_await sleep(1ms);
    throw std::out_of_range("row 7");
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await run_on(other.handle(), fail), std::out_of_range);
  };
  run_here(amain());
}

TEST_P(RunOnTest, HopsThereAndBackAgain) {
  LoopThread other(real_time_options());
  auto amain = [&]() -> Task<int> {
    const auto home = get_running_loop().handle();
    const auto thread = std::this_thread::get_id();
    auto at_home = [&]() -> Task<int> {
      EXPECT_EQ(std::this_thread::get_id(), thread);
      co_return 3;
    };
    auto there = [&]() -> Task<int> { co_return co_await run_on(home, at_home) + 1; };
    co_return co_await run_on(other.handle(), there);
  };
  EXPECT_EQ(run_here(amain()), 4);
}

TEST_P(RunOnTest, TheOwnLoopMayBeTheTarget) {
  auto amain = []() -> Task<int> {
    auto task = []() -> Task<int> {
      co_await sleep(1s);
      co_return 2;
    };
    co_return co_await run_on(get_running_loop().handle(), task);
  };
  EXPECT_EQ(run(amain()), 2);
}

TEST_P(RunOnTest, AnotherLoopOfTheSameThreadIsRefused) {
  const EventLoop idle(options());
  auto amain = [&]() -> Task<> {
    auto task = []() -> Task<> { co_return; };
    try {
      co_await run_on(idle.handle(), task);
      ADD_FAILURE() << "no exception";
    } catch (const InvalidStateError& error) {
      EXPECT_THAT(error.what(),
                  MatchesRegex("run_on\\(\\) called for the event loop created at "
                               "run_on_test.cpp:[0-9]+, which is of the same thread: it cannot run "
                               "until the running one has ended"));
    }
  };
  run(amain());
}

TEST_P(RunOnTest, AThousandCallsAtOnce) {
  LoopThread other(real_time_options());
  auto give = [](int i) -> Task<int> {
    co_await sleep(0s);
    co_return i;
  };
  auto amain = [&]() -> Task<> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 1000; ++i) tasks.push_back(run_on(other.handle(), give, i));
    const auto values = co_await gather(std::move(tasks));
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
  };
  run_here(amain());
}

TEST_P(RunOnTest, CancellingCancelsTheTaskThereAndAwaitsItsEnd) {
  LoopThread other(real_time_options());
  std::atomic<bool> begun = false;
  std::string text = "owned by the caller";
  std::string seen;
  auto task = [&](const std::string& its_text) -> Task<> {
    begun = true;
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    auto step = []() -> Task<> { co_await sleep(5ms); };
    co_await shield(step());
    seen = its_text;
    co_await sleep(1h);
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto call = group.spawn(run_on(other.handle(), task, std::cref(text)));
      while (!begun) co_await sleep(1ms);
      call.cancel();
      co_await call.wait();
      EXPECT_TRUE(call.cancelled());
      EXPECT_EQ(seen, text);
    });
  };
  run_here(amain());
}

TEST_P(RunOnTest, AResultThatComesInSpiteOfTheCancellationIsGiven) {
  LoopThread other(real_time_options());
  std::atomic<bool> begun = false;
  auto task = [&]() -> Task<int> {
    begun = true;
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    co_return 9;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto call = group.spawn(run_on(other.handle(), task));
      while (!begun) co_await sleep(1ms);
      call.cancel();
      co_await call.wait();
      EXPECT_EQ(call.result(), 9);
    });
  };
  run_here(amain());
}

TEST_P(RunOnTest, CancellingTakesATaskBackThatHasNotBegun) {
  std::latch blocked(1);
  std::latch release(1);
  LoopThread other(real_time_options());
  other.handle().call_soon_threadsafe([&] {
    blocked.count_down();
    release.wait();
  });
  blocked.wait();
  const auto held = std::make_shared<int>(0);
  auto task = [held]() -> Task<> {
    ADD_FAILURE() << "it was taken back";
    co_return;
  };
  auto amain = [&]() -> Task<> {
    auto call = run_on(other.handle(), task);
    EXPECT_EQ(held.use_count(), 3);
    EXPECT_THROW(co_await timeout(1ms, std::move(call)), TimeoutError);
    EXPECT_EQ(held.use_count(), 2) << "freed before the caller goes on";
  };
  run_here(amain());  // ends while the other loop is stuck
  release.count_down();
}

TEST_P(RunOnTest, InACancelledScopeNothingIsSent) {
  LoopThread other(real_time_options());
  bool begun = false;
  auto task = [&]() -> Task<> {
    begun = true;
    co_return;
  };
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    scope.cancel();
    EXPECT_THROW(co_await run_on(other.handle(), task), Cancelled);
  };
  run_here(amain());
  other.close();
  EXPECT_FALSE(begun);
}

TEST_P(RunOnTest, AClosedLoopIsTold) {
  LoopThread other(real_time_options());
  other.close();
  auto amain = [&]() -> Task<> {
    auto task = []() -> Task<> { co_return; };
    try {
      co_await run_on(other.handle(), task);
      ADD_FAILURE() << "no exception";
    } catch (const LoopClosedError& error) {
      EXPECT_THAT(error.what(), HasSubstr("Event loop is closed: by ~EventLoop()"));
    }
    co_await sleep(1ms);  // nothing is left that would wake this task a second time
  };
  run_here(amain());
}

TEST_P(RunOnTest, WhenTheOtherLoopClosesTheCallerIsTold) {
  LoopThread other(real_time_options());
  bool cancelled = false;
  auto task = [&]() -> Task<> {
    other.stop();
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      cancelled = true;
      throw;
    }
  };
  auto amain = [&]() -> Task<> {
    try {
      co_await run_on(other.handle(), task);
      ADD_FAILURE() << "no exception";
    } catch (const LoopClosedError& error) {
      EXPECT_THAT(error.what(), MatchesRegex("Event loop is closing; the task of run_on\\(\\) at "
                                             "run_on_test.cpp:[0-9]+, cancelled, belonged to it"));
    }
  };
  run_here(amain());
  EXPECT_TRUE(cancelled);
}

TEST_P(RunOnTest, WhenTheOtherLoopAbandonsItsTaskTheCallerIsTold) {
  auto loop_options = real_time_options();
  loop_options.shutdown_timeout = 20ms;
  LoopThread other(loop_options);
  auto task = [&]() -> Task<> {
    other.stop();
    auto forever = []() -> Task<> { co_await never_released().acquire(); };
    co_await shield(forever());
  };
  auto amain = [&]() -> Task<> {
    try {
      co_await run_on(other.handle(), task);
      ADD_FAILURE() << "no exception";
    } catch (const LoopClosedError& error) {
      EXPECT_THAT(error.what(), HasSubstr(", late at the shutdown time-out, belonged to it"));
    }
  };
  run_here(amain());
  other.close();
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("did not end within the shutdown time-out")));
}

TEST_P(RunOnTest, WhenTheCallersLoopClosesTheTaskThereIsCancelledAndAwaited) {
  LoopThread other(real_time_options());
  std::latch begun(1);
  bool cleaned_up = false;
  auto task = [&]() -> Task<> {
    begun.count_down();
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    auto step = []() -> Task<> { co_await sleep(5ms); };
    co_await shield(step());
    cleaned_up = true;
    co_await sleep(1h);
  };
  auto amain = [&]() -> Task<> { co_await run_on(other.handle(), task); };
  {
    EventLoop loop(real_time_options());
    loop.stop();
    EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
    begun.wait();
  }
  EXPECT_TRUE(cleaned_up) << "the closing waits for the task on the other loop";
}

TEST_P(RunOnTest, AnErrorThatComesWhenTheCallersLoopHasClosedGoesToTheLog) {
  std::vector<std::string> reports_there;
  auto there = real_time_options();
  there.log = [&](std::string_view report) { reports_there.emplace_back(report); };
  LoopThread other(there);
  std::latch begun(1);
  std::atomic<bool> may_end = false;
  auto task = [&]() -> Task<> {
    begun.count_down();
    auto wait = [&]() -> Task<> {
      while (!may_end) co_await sleep(1ms);
    };
    co_await shield(wait());
    throw std::runtime_error("too late");
  };
  // The caller's frame is abandoned for ever: its loop is kept, so that a leak checker finds it.
  static auto* const closed_loops = new std::deque<EventLoop>;
  auto loop_options = real_time_options();
  loop_options.shutdown_timeout = 10ms;
  auto amain = [&]() -> Task<> { co_await run_on(other.handle(), task); };
  EventLoop& loop = closed_loops->emplace_back(loop_options);
  loop.stop();
  EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
  begun.wait();
  loop.close();
  may_end = true;
  other.close();
  EXPECT_THAT(reports_there, ElementsAre("error in a task whose caller's loop has closed: "
                                         "std::runtime_error: too late"));
}

}  // namespace
}  // namespace rondo
