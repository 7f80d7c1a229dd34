// Looking at the tasks from outside: `rondo ps` and SIGQUIT.

#include "rondo/runtime/inspection.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <latch>
#include <thread>

#include "rondo/runtime/inspect_process.hpp"
#include "rondo/runtime/signal_text.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
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

TEST(SignalText, HasNumbersTimesAndPlaces) {
  detail::SignalText text;
  text << "a" << ' ' << std::uint64_t{0} << ' ' << std::uint64_t{18446744073709551615U} << ' '
       << std::chrono::milliseconds(12345);
  EXPECT_EQ(text.view(), "a 0 18446744073709551615 12.3 s");
}

TEST(SignalText, LeavesOutWhatDoesNotFit) {
  detail::SignalText text;
  text << std::string(5000, 'x');
  EXPECT_EQ(text.view(), std::string(4096, 'x'));
}

/// Names in the abstract namespace are by process: the tests of this suite run one in a process.
class InspectionTest : public OnEachBackend {
 protected:
  /// What this process answers.
  static Inspection look(InspectionDetail detail = InspectionDetail::tasks) {
    auto answers = inspect_processes({::getpid()}, detail, 20s);
    return std::move(answers[::getpid()]);
  }

  /// Runs `main` in real time.
  void run_real(Task<> main) { rondo::run(std::move(main), real_time_options()); }
};
RONDO_ON_EACH_BACKEND(InspectionTest);

Task<> nap() {
  co_await sleep(1h);
}

Task<> look_at_naps(Inspection& tasks, Inspection& headlines) {
  const auto body = [&](TaskGroup& group) -> Task<> {
    for (int i = 0; i < 5000; ++i) group.spawn(nap);
    co_await to_thread([&] {
      tasks = inspect_processes({::getpid()}, InspectionDetail::tasks, 20s)[::getpid()];
      headlines = inspect_processes({::getpid()}, InspectionDetail::headlines, 20s)[::getpid()];
    });
    group.cancel();
  };
  co_await with_task_group(body);
}

TEST_P(InspectionTest, GivesTheTreeOfALoopThatRuns) {
  Inspection tasks;
  Inspection headlines;
  run_real(look_at_naps(tasks, headlines));
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_THAT(tasks[0], HasSubstr(", 5001 tasks\n└─ rondo::look_at_naps  waiting "));
  EXPECT_THAT(tasks[0], HasSubstr("   └─ rondo::nap × 5000  waiting "));
  EXPECT_THAT(headlines, ElementsAre(MatchesRegex(
                             "event loop created at inspection_test.cpp:[0-9]+ on [a-z]+, 5001 "
                             "tasks\n")));
}

TEST_P(InspectionTest, OfAStuckLoopComesFromInsideTheStep) {
  std::latch stuck(1);
  std::atomic<bool> is_answered{false};
  Inspection answer;
  std::thread observer([&] {
    stuck.wait();
    // The loop counts as busy, not as stuck, for its first 100 ms: then it would never answer.
    while (answer.empty())
      answer = inspect_processes({::getpid()}, InspectionDetail::tasks, 300ms)[::getpid()];
    is_answered = true;
  });
  auto hang = [&]() -> Task<> {
    co_await sleep(1ms);
    stuck.count_down();
    while (!is_answered) std::this_thread::yield();
  };
  auto amain = [&]() -> Task<> {
    const auto body = [&](TaskGroup& group) -> Task<> {
      group.spawn(hang).set_name("hanging");
      co_return;
    };
    co_await with_task_group(body);
  };
  run_real(amain());
  observer.join();
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_THAT(answer[0],
              MatchesRegex("event loop created at inspection_test.cpp:[0-9]+ is stuck: "
                           "for [0-9]+\\.[0-9] s in one step of hanging\n"
                           "   at inspection_test.cpp:[0-9]+ in rondo::[^\n]*lambda\n(.|\n)*"));
}

TEST_P(InspectionTest, HasATextForEachLoopOfTheProcess) {
  std::latch looked(1);
  std::latch ready(2);
  const auto serve = [&] {
    auto amain = [&]() -> Task<> {
      ready.count_down();
      co_await to_thread([&] { looked.wait(); });
    };
    run_real(amain());
  };
  std::thread first(serve);
  std::thread second(serve);
  ready.wait();
  const Inspection answers = look();
  looked.count_down();
  first.join();
  second.join();
  EXPECT_EQ(answers.size(), 2U);
}

TEST_P(InspectionTest, NeedsALoopThatRuns) {
  const std::size_t descriptors = open_descriptors();
  EventLoop loop(options());
  EXPECT_THAT(inspect_processes({::getpid()}, InspectionDetail::tasks, 50ms), IsEmpty());
  loop.close();
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_P(InspectionTest, RefusesAProcessThatIsNotThere) {
  try {
    static_cast<void>(inspect_processes({0x3ffffff}, InspectionDetail::tasks, 1s));
    FAIL() << "nobody there";
  } catch (const OsError& error) {
    EXPECT_EQ(error.code(), ESRCH);
  }
}

bool has_default_action(int number) {
  struct sigaction current{};
  ::sigaction(number, nullptr, &current);
  return current.sa_handler == SIG_DFL;
}

TEST_P(InspectionTest, TakesItsSignalsForTheRunOnly) {
  auto amain = []() -> Task<> {
    EXPECT_FALSE(has_default_action(SIGURG));
    EXPECT_FALSE(has_default_action(SIGQUIT));
    co_return;
  };
  run(amain());
  EXPECT_TRUE(has_default_action(SIGURG));
  EXPECT_TRUE(has_default_action(SIGQUIT));
}

TEST_P(InspectionTest, LeavesASignalToAProgramThatHandlesIt) {
  ::signal(SIGQUIT, SIG_IGN);
  auto amain = []() -> Task<> {
    ::raise(SIGQUIT);
    co_await sleep(10ms);
  };
  ::testing::internal::CaptureStderr();
  run(amain());
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ::signal(SIGQUIT, SIG_DFL);
}

TEST_P(InspectionTest, IsSwitchedOffByTheEnvironment) {
  ::setenv("RONDO_INSPECT", "0", 1);
  auto amain = []() -> Task<> {
    EXPECT_TRUE(has_default_action(SIGURG));
    EXPECT_TRUE(has_default_action(SIGQUIT));
    co_return;
  };
  run(amain());
  ::unsetenv("RONDO_INSPECT");
}

TEST_P(InspectionTest, OfSigquitIsPrinted) {
  auto amain = []() -> Task<> {
    ::raise(SIGQUIT);
    // The answer is a task of the loop's own: it is there while its text is on its way.
    for (bool is_answering = true; is_answering;) {
      co_await sleep(1ms);
      is_answering = get_running_loop().live_tasks() > 1;
    }
  };
  ::testing::internal::CaptureStderr();
  run_real(amain());
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              MatchesRegex("event loop created at inspection_test.cpp:[0-9]+ on [a-z]+, 1 task\n"
                           "└─ rondo::[^\n]*lambda  (ready|waiting) [0-9]+\\.[0-9] s\n(.|\n)*"));
}

TEST_P(InspectionTest, IgnoresSomebodysUrgentData) {
  auto amain = []() -> Task<> {
    ::raise(SIGURG);
    co_await sleep(1ms);
    EXPECT_EQ(get_running_loop().live_tasks(), 1U);
  };
  run_real(amain());
}

}  // namespace
}  // namespace rondo
