// The four causes of "Event loop is closed" (docs/design.md §1), each as the mistake, which prints
// the error that explains it, and the right way. Whole outputs are compared; only line numbers and
// ages are taken out.

#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "tests/examples/example_program.hpp"

namespace rondo::test {
namespace {

/// The output of a program that ends well, with N for line numbers and T for ages.
std::string output_of(const std::string& name, const std::string& url = {}) {
  const EndedExample ended = run_example(name, {url});
  EXPECT_EQ(ended.exit_code, 0) << name;
  const std::string without_lines =
      std::regex_replace(ended.output, std::regex("\\.cpp:[0-9]+"), ".cpp:N");
  return std::regex_replace(without_lines, std::regex("[0-9]+\\.[0-9] s ago"), "T s ago");
}

TEST(LifecyclePrograms, TheLoopClosedWithWorkPendingSaysWhoClosedItAndWhatWasPending) {
  EXPECT_EQ(
      output_of("closed_with_work_pending"),
      "the heartbeat: Event loop is closing; the task of run_coroutine_threadsafe() at "
      "closed_with_work_pending.cpp:N, cancelled, belonged to it\n"
      "call_soon: Event loop is closed: by close() at closed_with_work_pending.cpp:N on thread "
      "'main', T s ago\n"
      "call_soon: the loop was created at closed_with_work_pending.cpp:N on thread 'main'\n");
}

TEST(LifecyclePrograms, AGroupLeavesNoWorkPending) {
  EXPECT_EQ(output_of("closed_with_work_pending_right"), "goodbye\nthe heartbeat has ended\n");
}

TEST(LifecyclePrograms, AThreadThatTouchesALoopOfAnotherIsToldBothNames) {
  EXPECT_EQ(
      output_of("several_threads_one_loop"),
      "price 100.5\n"
      "put_nowait: Queue::put_nowait() called on thread 'rondo-worker-1', but the event loop "
      "belongs to thread 'main': use call_soon_threadsafe() to hand over\n"
      "call_soon: call_soon() called on thread 'rondo-worker-1', but the event loop belongs to "
      "thread 'main': use call_soon_threadsafe() to hand over\n"
      "run: Queue created at several_threads_one_loop.cpp:N belongs to the event loop created at "
      "several_threads_one_loop.cpp:N, and was used under that created at "
      "several_threads_one_loop.cpp:N\n");
}

TEST(LifecyclePrograms, AThreadWithAHandleHandsOver) {
  EXPECT_EQ(output_of("several_threads_one_loop_right"),
            "price 100.5\nprice 101.25\nthe feed has ended\n");
}

TEST(LifecyclePrograms, ARunInsideARunAndObjectsOfAnEarlierRunAreRefused) {
  EXPECT_EQ(
      output_of("run_misused"),
      "run: run() called inside a running event loop, that of the run at run_misused.cpp:N: "
      "co_await the task instead, or run it on another thread\n"
      "rondo: at the end of the event loop created at run_misused.cpp:N:\n"
      "  ClientSession not closed: created at run_misused.cpp:N\n"
      "session: Event loop is closed: by run() at run_misused.cpp:N on thread 'main', T s ago; "
      "ClientSession created at run_misused.cpp:N belonged to it\n"
      "lock: Lock created at run_misused.cpp:N belongs to the event loop created at "
      "run_misused.cpp:N, and was used under that created at run_misused.cpp:N\n"
      "lock: Event loop is closed: by run() at run_misused.cpp:N on thread 'main', T s ago; Lock "
      "created at run_misused.cpp:N belonged to it\n");
}

TEST(LifecyclePrograms, OneRunOrARunnerSharesItsObjects) {
  EXPECT_EQ(output_of("run_misused_right"),
            "first, in a run\n"
            "second, in the same run\n"
            "the session is open\n"
            "first run of a runner\n"
            "second run of the same runner\n");
}

TEST(LifecyclePrograms, LeakedSessionsAndResponsesAreReportedWhereTheyWereMade) {
  const std::string url = url_of_nginx("/files/1048576.txt");
  EXPECT_EQ(output_of("leaked_session", url),
            "rondo: at the end of the event loop created at leaked_session.cpp:N:\n"
            "  3 × ClientSession not closed: created at leaked_session.cpp:N\n"
            "  3 × response not read to its end: of the ClientSession created at "
            "leaked_session.cpp:N\n"
            "status 200\n"
            "read: Event loop is closed: by run() at leaked_session.cpp:N on thread 'main', T s "
            "ago; response of the ClientSession created at leaked_session.cpp:N belonged to it\n");
}

TEST(LifecyclePrograms, OneSessionAndLocalResponsesLeaveNothingToReport) {
  const std::string line = "1048576 bytes, 1 connection kept\n";
  EXPECT_EQ(output_of("leaked_session_right", url_of_nginx("/files/1048576.txt")),
            line + line + line);
}

}  // namespace
}  // namespace rondo::test
