// The texts of docs/design.md §5, each compared whole: `what()`, and below it `details()`. Lines of
// this file and ages are all that differs from run to run.

#include <gtest/gtest.h>

#include <functional>
#include <regex>
#include <string>
#include <thread>
#include <utility>

#include "rondo/runtime/event.hpp"
#include "rondo/runtime/lock.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class ErrorTextsTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(ErrorTextsTest);

/// With N for each line of a source file, and 0.0 for each age.
std::string steady(const std::string& text) {
  const std::string lines =
      std::regex_replace(text, std::regex("([a-z_]+\\.[ch]pp):[0-9]+"), "$1:N");
  return std::regex_replace(lines, std::regex("(, |waiting )[0-9]+\\.[0-9] s"),
                            "$01"
                            "0.0 s");
}

/// Both texts of the `E` that `action` throws.
template <class E>
std::string text_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const E& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.find('\n'), std::string::npos) << what;
    return steady(error.details().empty() ? what : what + "\n" + error.details());
  }
  return "nothing of the kind was thrown";
}

Task<> nothing() {
  co_return;
}

Task<> nap() {
  co_await sleep(1h);
}

TEST_P(ErrorTextsTest, L2TheLoopIsClosed) {
  EventLoop loop(options());
  loop.close();
  const char* const text =
      "Event loop is closed: by close() at error_texts_test.cpp:N on thread 'main', 0.0 s ago\n"
      "the loop was created at error_texts_test.cpp:N on thread 'main'";
  EXPECT_EQ(text_of<LoopClosedError>([&] { loop.call_soon([] {}); }), text);
  EXPECT_EQ(text_of<LoopClosedError>([&] { loop.call_soon_threadsafe([] {}); }), text);
  EXPECT_EQ(text_of<LoopClosedError>([&] { loop.run_until_complete(nothing()); }), text);
}

TEST_P(ErrorTextsTest, L2WithWhatWasPending) {
  EventLoop loop(options());
  loop.stop();
  EXPECT_THROW(loop.run_until_complete(nap()), InvalidStateError);
  std::thread([&] {
    pthread_setname_np(pthread_self(), "feeder");
    EXPECT_EQ(text_of<WrongThreadError>([&] { loop.close(); }),
              "close() called on thread 'feeder', but the event loop belongs to thread 'main': use "
              "call_soon_threadsafe() to hand over\n"
              "the loop was created at error_texts_test.cpp:N");
  }).join();
  loop.close();
  const std::string text = text_of<LoopClosedError>([&] { loop.call_soon([] {}); });
  const std::string who = text.substr(0, text.find(", which "));
  EXPECT_EQ(who,
            "Event loop is closed: by close() at error_texts_test.cpp:N on thread 'main', 0.0 s "
            "ago\n"
            "the loop was created at error_texts_test.cpp:N on thread 'main'\n"
            "at the end of the event loop created at error_texts_test.cpp:N:\n"
            "  task cancelled at the end of the loop: rondo::nap at error_texts_test.cpp:N");
  EXPECT_TRUE(text.ends_with(" spawned at error_texts_test.cpp:N")) << text;
}

TEST_P(ErrorTextsTest, L2WithTheObjectThatIsBound) {
  std::optional<TaskHandle<void>> task;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      task.emplace(group.spawn_named("feed", nothing));
      co_return;
    });
  };
  rondo::run(amain(), options());
  EXPECT_EQ(text_of<LoopClosedError>([&] { run(task->wait()); }),
            "Event loop is closed: by run() at error_texts_test.cpp:N on thread 'main', 0.0 s "
            "ago; task 'feed' spawned at error_texts_test.cpp:N belonged to it\n"
            "the loop was created at error_texts_test.cpp:N on thread 'main'");
}

TEST_P(ErrorTextsTest, L3TheLoopRuns) {
  EventLoop loop(options());
  std::string in_a_task;
  std::string in_a_callback;
  auto close = [&] { return text_of<LoopRunningError>([&] { loop.close(); }); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn_named("feed", [&]() -> Task<> {
        in_a_task = close();
        co_return;
      });
      co_return;
    });
    get_running_loop().call_soon([&] { in_a_callback = close(); });
    co_await sleep(1s);
  };
  loop.run_until_complete(amain());
  EXPECT_EQ(in_a_task,
            "cannot close a running event loop: task 'feed' runs in it, in the run at "
            "error_texts_test.cpp:N");
  EXPECT_EQ(in_a_callback,
            "cannot close a running event loop: a callback runs in it, in the run at "
            "error_texts_test.cpp:N");
}

TEST_P(ErrorTextsTest, L4ARunInsideARun) {
  std::string text;
  auto amain = [&]() -> Task<> {
    text = text_of<LoopRunningError>([] { rondo::run(nothing()); });
    co_return;
  };
  run(amain());
  EXPECT_EQ(text,
            "run() called inside a running event loop, that of the run at error_texts_test.cpp:N: "
            "co_await the task instead, or run it on another thread");
}

TEST_P(ErrorTextsTest, L5AnotherThread) {
  EventLoop loop(options());
  std::thread([&] {
    pthread_setname_np(pthread_self(), "feeder");
    EXPECT_EQ(text_of<WrongThreadError>([&] { loop.call_soon([] {}); }),
              "call_soon() called on thread 'feeder', but the event loop belongs to thread 'main': "
              "use call_soon_threadsafe() to hand over\n"
              "the loop was created at error_texts_test.cpp:N");
  }).join();
}

TEST_P(ErrorTextsTest, L5AnotherLoop) {
  EventLoop first(options());
  EventLoop second(options());
  Event event;
  first.stop();
  auto wait = [&]() -> Task<> { co_await event.wait(); };
  EXPECT_THROW(first.run_until_complete(wait()), InvalidStateError);
  EXPECT_EQ(text_of<WrongLoopError>([&] { second.run_until_complete(wait()); }),
            "Event created at error_texts_test.cpp:N belongs to the event loop created at "
            "error_texts_test.cpp:N, and was used under that created at error_texts_test.cpp:N");
  first.close();
  EXPECT_EQ(text_of<WrongLoopError>([&] { second.run_until_complete(wait()); }),
            "Event created at error_texts_test.cpp:N belongs to the event loop created at "
            "error_texts_test.cpp:N, and was used under that created at error_texts_test.cpp:N\n"
            "Event loop is closed: by close() at error_texts_test.cpp:N on thread 'main', 0.0 s "
            "ago; Event created at error_texts_test.cpp:N belonged to it");
}

TEST_P(ErrorTextsTest, L5NoLoop) {
  EXPECT_EQ(text_of<NoRunningLoopError>([] { get_running_loop(); }),
            "get_running_loop() needs a running task: use it inside rondo::run()");
}

TEST_P(ErrorTextsTest, L8NothingCanWakeTheLoop) {
  Semaphore none(0);
  auto wait_for_ever = [&]() -> Task<> { co_await none.acquire(); };
  const std::string text = text_of<DeadlockError>([&] { run(wait_for_ever()); });
  EXPECT_EQ(text.substr(0, text.find("└─")),
            "deadlock: nothing can wake the event loop created at error_texts_test.cpp:N any more, "
            "and 1 task still waits\n"
            "event loop created at error_texts_test.cpp:N on " +
                ::testing::PrintToString(GetParam()) + ", 1 task\n");
  const std::size_t begin = text.find("└─ ") + std::string("└─ ").size();
  const std::string name = text.substr(begin, text.find("  waiting") - begin);
  EXPECT_TRUE(
      text.ends_with("::lambda  waiting 0.0 s\n"
                     "      at semaphore.cpp:N in rondo::Semaphore::acquire\n"
                     "      at error_texts_test.cpp:N in " +
                     name + "\n"))
      << text;
}

TEST_P(ErrorTextsTest, L9CtrlC) {
  EXPECT_EQ(text_of<Interrupted>([] { throw Interrupted(); }), "interrupted");
}

TEST_P(ErrorTextsTest, ACleanUpAndAWaitThatTakeTooLong) {
  auto late = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      group.on_exit(nap, 2s);
      co_return;
    });
  };
  EXPECT_EQ(text_of<TimeoutError>([&] { run(late()); }),
            "on_exit() at error_texts_test.cpp:N timed out after 2 s");
  EXPECT_EQ(text_of<TimeoutError>([&] { run(timeout(1500ms, nap())); }), "timed out after 1.5 s");
}

}  // namespace
}  // namespace rondo
