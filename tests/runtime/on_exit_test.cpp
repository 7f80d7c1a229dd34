// Clean-ups of a task group (`TaskGroup::on_exit`).

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <stdexcept>

#include "rondo/runtime/exception_group.hpp"
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

class OnExitTest : public OnEachBackend {
 protected:
  /// A clean-up that waits and then notes its name.
  auto note(std::string name) {
    return [this, name]() -> Task<> {
      co_await sleep(1s);
      order_ += name + " ";
    };
  }

  Task<> end_cancelled() {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      order_ += "cancelled ";
      throw;
    }
  }

  std::string order_;
};
RONDO_ON_EACH_BACKEND(OnExitTest);

Task<> fail(std::string message) {
  co_await sleep(1s);
  throw std::runtime_error(message);
}

TEST_P(OnExitTest, RunsAfterTheChildrenLastInFirstOut) {
  auto child = [&]() -> Task<> {
    co_await sleep(5s);
    order_ += "child ";
  };
  auto amain = [&]() -> Task<int> {
    const int value = co_await with_task_group([&](TaskGroup& group) -> Task<int> {
      group.on_exit(note("first"));
      group.on_exit(note("second"));
      group.spawn(child);
      order_ += "body ";
      co_return 5;
    });
    order_ += "after";
    co_return value;
  };
  EXPECT_EQ(run(amain()), 5);
  EXPECT_EQ(order_, "body child second first after");
  EXPECT_EQ(time_.elapsed(), 7s);
}

TEST_P(OnExitTest, RunsWhenTheBodyThrows) {
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await with_task_group([&](TaskGroup& group) -> Task<> {
                   group.on_exit(note("clean-up"));
                   group.spawn([this]() -> Task<> { return end_cancelled(); });
                   co_await fail("broken");
                 }),
                 std::runtime_error);
  };
  run(amain());
  EXPECT_EQ(order_, "cancelled clean-up ");
}

TEST_P(OnExitTest, RunsOutOfReachOfACancellationWhichThenTravelsOn) {
  auto grouped = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.on_exit(note("clean-up"));
      co_await end_cancelled();
    });
    order_ += "never";
  };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await timeout(1s, grouped()), TimeoutError); };
  run(amain());
  EXPECT_EQ(order_, "cancelled clean-up ");
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(OnExitTest, RunsWhenTheGroupIsCancelled) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.on_exit(note("clean-up"));
      group.cancel();
      co_await end_cancelled();
    });
    order_ += "after";
  };
  run(amain());
  EXPECT_EQ(order_, "cancelled clean-up after");
}

TEST_P(OnExitTest, RunsInTheExitSequence) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.on_exit(note("clean-up"));
      get_running_loop().stop();
      co_await end_cancelled();
    });
  };
  {
    EventLoop loop(options());
    EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
  }
  EXPECT_EQ(order_, "cancelled clean-up ");
}

TEST_P(OnExitTest, ACleanUpThatFailsIsTheFailureOfTheGroupAndTheNextOnesRun) {
  auto amain = [&]() -> Task<> {
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<int> {
        group.on_exit(note("first"));
        group.on_exit([]() -> Task<> { return fail("flush"); });
        co_return 1;
      });
      ADD_FAILURE() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "flush");
    }
  };
  run(amain());
  EXPECT_EQ(order_, "first ");
}

TEST_P(OnExitTest, NoFailureIsLost) {
  auto amain = []() -> Task<> {
    unsigned line = 0;
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        line = std::source_location::current().line() + 1;
        group.on_exit([]() -> Task<> { return fail("first clean-up"); });
        group.on_exit([]() -> Task<> { return fail("second clean-up"); });
        group.spawn_named("child", fail, "child");
        co_await sleep(1h);
      });
      ADD_FAILURE() << "no exception";
    } catch (const ExceptionGroup& group) {
      EXPECT_STREQ(group.what(), "3 failures; first: std::runtime_error: child");
      EXPECT_EQ(group.details(),
                "std::runtime_error: child (task 'child')\n"
                "std::runtime_error: second clean-up (on_exit() at on_exit_test.cpp:" +
                    std::to_string(line + 1) +
                    ")\n"
                    "std::runtime_error: first clean-up (on_exit() at on_exit_test.cpp:" +
                    std::to_string(line) + ")\n");
    }
  };
  run(amain());
}

TEST_P(OnExitTest, ACleanUpThatHangsIsCancelledAtItsDeadlineAndNamed) {
  auto amain = [&]() -> Task<> {
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        group.on_exit([this]() -> Task<> { return end_cancelled(); }, 2s);
        co_return;
      });
      ADD_FAILURE() << "no exception";
    } catch (const TimeoutError& error) {
      EXPECT_THAT(error.what(),
                  MatchesRegex("on_exit\\(\\) at on_exit_test.cpp:[0-9]+ timed out after 2 s"));
    }
  };
  run(amain());
  EXPECT_EQ(order_, "cancelled ");
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(OnExitTest, TheDefaultDeadlineEndsBeforeTheShutdownTimeOut) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.on_exit([this]() -> Task<> { return end_cancelled(); });
      get_running_loop().stop();
      co_await sleep(1h);
    });
  };
  {
    EventLoop loop(options());
    EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
  }
  EXPECT_EQ(order_, "cancelled ");
  EXPECT_EQ(time_.elapsed(), kCleanupTimeout);
}

TEST_P(OnExitTest, TheShutdownTimeOutEndsACleanUpWithALongDeadline) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      group.on_exit([]() -> Task<> { co_await never_released().acquire(); }, 1h);
      get_running_loop().stop();
      co_await sleep(1h);
    });
  };
  {
    EventLoop loop(options());
    EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
  }
  EXPECT_EQ(time_.elapsed(), RunOptions().shutdown_timeout);
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("did not end within the shutdown time-out")));
}

TEST_P(OnExitTest, ACleanUpMayAddAnotherAndSpawn) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.on_exit(note("first"));
      group.on_exit([&]() -> Task<> {
        group.on_exit(note("added"));
        group.spawn(note("spawned"));
        order_ += "second ";
        co_return;
      });
      co_return;
    });
  };
  run(amain());
  EXPECT_EQ(order_, "second spawned added first ");
}

TEST_P(OnExitTest, AChildMayAddAClosingOfItsOwn) {
  auto child = [&](TaskGroup& group, std::string name) -> Task<> {
    group.on_exit(note(name));
    co_return;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(child, std::ref(group), "a");
      group.spawn(child, std::ref(group), "b");
      co_return;
    });
  };
  run(amain());
  EXPECT_EQ(order_, "b a ");
}

TEST_P(OnExitTest, TheCallableLivesUntilItsTaskHasEndedAndNoLonger) {
  auto held = std::make_shared<int>(3);
  const std::weak_ptr<int> seen = held;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.on_exit([&]() -> Task<> {
        EXPECT_TRUE(seen.expired()) << "the later one has run and is gone";
        co_return;
      });
      group.on_exit([held = std::move(held)]() -> Task<> {
        co_await sleep(1s);
        EXPECT_EQ(*held, 3);
      });
      co_return;
    });
  };
  run(amain());
  EXPECT_TRUE(seen.expired());
}

TEST_P(OnExitTest, ACancelledThatNobodyAskedForTravelsOn) {
  bool went_on = false;
  auto amain = [&]() -> Task<> {
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        group.on_exit([]() -> Task<> {
          throw Cancelled();
          co_return;
        });
        co_return;
      });
      went_on = true;
    } catch (const Cancelled&) {
    }
  };
  run(amain());
  EXPECT_FALSE(went_on);
}

TEST(OnExit, UnderNoLoopItIsRefused) {
  EventLoop loop;
  TaskGroup* open = nullptr;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      open = &group;
      get_running_loop().stop();
      co_await sleep(0s);
    });
  };
  EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
  auto cleanup = []() -> Task<> { co_return; };
  EXPECT_THROW(open->on_exit(cleanup), NoRunningLoopError);
}

}  // namespace
}  // namespace rondo
