// Looking at the tasks from outside: `rondo ps` and SIGQUIT.

#include "rondo/runtime/inspection.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
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
                             "event loop created at inspection_test.cpp:[0-9]+ on [a-z_]+, 5001 "
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

Clock::duration processor_time(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Notes the longest time that the loop's thread has worked between two of its turns.
Task<> watch_turns(Clock::duration& longest) {
  while (true) {
    const auto before = processor_time(CLOCK_THREAD_CPUTIME_ID);
    co_await sleep(Clock::duration::zero());
    longest = std::max(longest, processor_time(CLOCK_THREAD_CPUTIME_ID) - before);
  }
}

Task<> look_at_many(std::size_t count, Inspection& answer, Clock::duration& longest_turn,
                    Clock::duration& answer_time) {
  const auto body = [&](TaskGroup& group) -> Task<> {
    for (std::size_t i = 0; i < count; ++i) group.spawn(nap);
    co_await sleep(1ms);
    group.spawn(watch_turns, std::ref(longest_turn));
    const auto begun = processor_time(CLOCK_PROCESS_CPUTIME_ID);
    co_await to_thread([&] {
      answer = inspect_processes({::getpid()}, InspectionDetail::tasks, 60s)[::getpid()];
    });
    answer_time = processor_time(CLOCK_PROCESS_CPUTIME_ID) - begun;
    group.cancel();
  };
  co_await with_task_group(body);
}

TEST_P(InspectionTest, OfAHundredThousandTasksNeitherTakesLongNorHoldsTheLoop) {
  Inspection answer;
  Clock::duration longest_turn{};
  Clock::duration answer_time{};
  run_real(look_at_many(100000, answer, longest_turn, answer_time));
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_THAT(answer[0], HasSubstr("rondo::nap × 100000  waiting "));
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__)
  // In processor time, which does not depend on what else this machine does.
  EXPECT_LT(longest_turn, 50ms);
  EXPECT_LT(answer_time, 1s);
#endif
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
    // Turns, not time: the loop looks in the next one. The run ends when the answer has been
    // written.
    for (int turns = 0; turns < 20; ++turns) co_await sleep(1ms);
  };
  ::testing::internal::CaptureStderr();
  run_real(amain());
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              MatchesRegex("event loop created at inspection_test.cpp:[0-9]+ on [a-z_]+, 1 task\n"
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
