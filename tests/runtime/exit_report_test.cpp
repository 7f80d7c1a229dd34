// What a loop says at its end, and what it says of slow steps.

#include "rondo/runtime/exit_report.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

TEST(ExitReport, HasEachLineOnceWithItsCount) {
  detail::ExitReport report;
  EXPECT_EQ(report.text("at the end:"), "");
  EXPECT_TRUE(report.add("task never awaited: f (a.cpp:1)"));
  EXPECT_FALSE(report.add("task never awaited: f (a.cpp:1)"));
  EXPECT_TRUE(report.add("task never awaited: g (a.cpp:2)"));
  EXPECT_TRUE(report.add_told("error in a callback: x"));
  EXPECT_EQ(
      report.text("at the end:"),
      "at the end:\n  2 × task never awaited: f (a.cpp:1)\n  task never awaited: g (a.cpp:2)");
  EXPECT_FALSE(report.add_told("error in a callback: x"));
  EXPECT_THAT(report.text("at the end:"), HasSubstr("\n  1 more × error in a callback: x"));
}

class ExitReportTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(ExitReportTest);

Task<int> forgotten(int value) {
  co_return value;
}

TEST_P(ExitReportTest, NamesTasksThatWereNeverAwaited) {
  auto amain = []() -> Task<> {
    for (int i = 0; i < 3; ++i) auto task = forgotten(i);
    auto wrapped = timeout(1s, forgotten(4));
    co_return;
  };
  run(amain());
  EXPECT_THAT(reports_, ElementsAre(MatchesRegex(
                            "at the end of the event loop created at exit_report_test.cpp:[0-9]+:\n"
                            "  4 × task never awaited: rondo::forgotten "
                            "\\(exit_report_test.cpp:[0-9]+\\)")));
}

TEST_P(ExitReportTest, SaysNothingOfATaskThatWasDiscarded) {
  auto amain = []() -> Task<> {
    auto task = timeout(1s, forgotten(1));
    task.discard();
    EXPECT_FALSE(task.valid());
    co_return;
  };
  run(amain());
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_P(ExitReportTest, SaysNothingOfATaskThatAnExceptionKeptFromBeingAwaited) {
  auto amain = []() -> Task<> {
    auto task = forgotten(1);
    throw std::runtime_error("before the await");
    co_await std::move(task);
  };
  EXPECT_THROW(run(amain()), std::runtime_error);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_P(ExitReportTest, SaysNothingOfARunThatLeavesNothingBehind) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      group.spawn(forgotten, 1);
      auto endless = group.spawn([]() -> Task<> { co_await sleep(1h); });
      co_await sleep(1s);
      endless.cancel();
    });
  };
  run(amain());
  EXPECT_THAT(reports_, IsEmpty());
}

Task<> oversleep() {
  co_await sleep(1h);
}

TEST_P(ExitReportTest, NamesTasksThatHadToBeCancelled) {
  EventLoop loop(options());
  for (int i = 0; i < 2; ++i) {
    loop.stop();
    EXPECT_THROW(loop.run_until_complete(oversleep()), InvalidStateError);
  }
  loop.close();
  EXPECT_THAT(
      reports_,
      ElementsAre(MatchesRegex(
          "at the end of the event loop created at exit_report_test.cpp:[0-9]+:\n"
          "  2 × task cancelled at the end of the loop: rondo::oversleep at "
          "exit_report_test.cpp:[0-9]+, which .*NamesTasksThatHadToBeCancelled.* spawned at "
          "exit_report_test.cpp:[0-9]+")));
}

TEST_P(ExitReportTest, LogsAnErrorWhenItHappensAndCountsTheNext) {
  auto amain = []() -> Task<> {
    for (int i = 0; i < 3; ++i) {
      get_running_loop().call_soon([] { throw std::runtime_error("lost"); });
    }
    co_await sleep(1s);
  };
  run(amain());
  EXPECT_THAT(reports_, ElementsAre("error in a callback: std::runtime_error: lost",
                                    HasSubstr("\n  2 more × error in a callback: std::runtime_")));
}

void block(Clock::duration time) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) {
  }
}

Task<> hold_the_loop() {
  co_await sleep(1ms);
  block(120ms);
  co_await sleep(1ms);
}

TEST_P(ExitReportTest, DebugModeNamesAStepThatHeldTheLoop) {
  auto slow = options();
  slow.debug = true;
  rondo::run(hold_the_loop(), slow);
  EXPECT_THAT(reports_, ElementsAre(MatchesRegex(
                            "slow step: rondo::hold_the_loop, from exit_report_test.cpp:[0-9]+ on, "
                            "held the event loop for more than 100 ms: 0\\.[0-9]+ s")));
}

TEST_P(ExitReportTest, WithoutDebugModeNobodyWatchesSteps) {
  run(hold_the_loop());
  EXPECT_THAT(reports_, IsEmpty());
}

}  // namespace
}  // namespace rondo
