// What the loop says when its rules are broken (docs/design.md §5, L2 to L5).

#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <thread>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"

#include "message_of.hpp"
#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class LoopMisuseTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(LoopMisuseTest);

Task<> nothing() {
  co_return;
}

/// Every call that a closed loop and another thread are refused.
std::vector<std::function<void()>> calls_of(EventLoop& loop) {
  return {
      [&] { loop.call_soon([] {}); },
      [&] { loop.call_later(1s, [] {}); },
      [&] { loop.call_at(Clock::now(), [] {}); },
      [&] { loop.run_until_complete(nothing()); },
      [&] { loop.run_forever(); },
      [&] { loop.stop(); },
      [&] { static_cast<void>(loop.backend()); },
      [&] { loop.finish_in_background(nothing()); },
  };
}

TEST_P(LoopMisuseTest, AClosedLoopRefusesEverythingAndSaysWhoClosedIt) {
  EventLoop loop(options());
  EXPECT_FALSE(loop.is_closed());
  loop.close();
  EXPECT_TRUE(loop.is_closed());
  for (const auto& call : calls_of(loop)) {
    EXPECT_THAT(
        message_of<LoopClosedError>(call),
        MatchesRegex("Event loop is closed: by close\\(\\) at loop_misuse_test.cpp:[0-9]+ on "
                     "thread 'main', [0-9]+\\.[0-9] s ago"));
  }
  EXPECT_THROW(loop.call_soon_threadsafe([] {}), LoopClosedError);
}

TEST_P(LoopMisuseTest, ClosingTwiceIsClosingOnce) {
  EventLoop loop(options());
  loop.close();
  const auto line = std::source_location::current().line() - 1;
  loop.close();
  EXPECT_THAT(message_of<LoopClosedError>([&] { loop.stop(); }),
              ::testing::HasSubstr("loop_misuse_test.cpp:" + std::to_string(line)));
}

TEST_P(LoopMisuseTest, TheMessageOfALoopThatRunClosedNamesTheRun) {
  std::optional<LoopHandle> handle;
  auto amain = [&]() -> Task<> {
    handle = get_running_loop().handle();
    co_return;
  };
  rondo::run(amain(), options());
  const auto line = std::source_location::current().line() - 1;
  EXPECT_THAT(message_of<LoopClosedError>([&] { handle->call_soon_threadsafe([] {}); }),
              StartsWith("Event loop is closed: by run() at loop_misuse_test.cpp:" +
                         std::to_string(line) + " on thread 'main', 0.0 s ago"));
}

TEST_P(LoopMisuseTest, AnotherThreadIsRefusedAndToldBothNames) {
  EventLoop loop(options());
  std::thread([&] {
    pthread_setname_np(pthread_self(), "feeder");
    for (const auto& call : calls_of(loop)) {
      EXPECT_THAT(
          message_of<WrongThreadError>(call),
          MatchesRegex("[a-z_]+\\(\\) called on thread 'feeder', but the event loop belongs to "
                       "thread 'main': use call_soon_threadsafe\\(\\) to hand over"));
    }
    EXPECT_THAT(message_of<WrongThreadError>([&] { loop.close(); }),
                StartsWith("close() called on thread 'feeder'"));
  }).join();
  EXPECT_FALSE(loop.is_closed());
}

TEST_P(LoopMisuseTest, ClosingARunningLoopIsRefused) {
  EventLoop loop(options());
  auto amain = [&]() -> Task<std::string> {
    co_return message_of<LoopRunningError>([&] { loop.close(); });
  };
  EXPECT_THAT(loop.run_until_complete(amain()),
              MatchesRegex("cannot close a running event loop: .*loop_misuse_test.cpp:[0-9]+.*"));
  EXPECT_FALSE(loop.is_closed());
}

TEST_P(LoopMisuseTest, RunInsideARunIsRefusedWithTheWayOut) {
  auto amain = [&]() -> Task<> {
    const auto matches = MatchesRegex(
        "[a-z_]+\\(\\) called inside a running event loop, that of the run at "
        "loop_misuse_test.cpp:[0-9]+: co_await the task instead, or run it on another thread");
    EXPECT_THAT(message_of<LoopRunningError>([] { rondo::run(nothing()); }), matches);
    EXPECT_THROW(Runner{options()}, LoopRunningError);
    EXPECT_THAT(message_of<LoopRunningError>([&] { EventLoop().run_until_complete(nothing()); }),
                matches);
    EXPECT_THAT(message_of<LoopRunningError>([&] { get_running_loop().run_forever(); }), matches);
    EXPECT_THAT(
        message_of<LoopRunningError>([&] { get_running_loop().run_until_complete(nothing()); }),
        matches);
    co_await sleep(1s);  // the outer run goes on
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(LoopMisuseTest, AnotherLoopMayBeMadeAndClosedInsideARun) {
  auto amain = [&]() -> Task<> {
    EventLoop& outer = get_running_loop();
    {
      EventLoop inner(options());
      inner.call_soon([] {});
    }
    EventLoop closed_by_hand(options());
    closed_by_hand.close();
    EXPECT_EQ(&get_running_loop(), &outer);
    co_await sleep(1s);
  };
  run(amain());
}

TEST_P(LoopMisuseTest, ARunOnAnotherThreadInsideARunIsFine) {
  auto amain = [&]() -> Task<> {
    int result = 0;
    std::thread([&] {
      auto inner = []() -> Task<int> { co_return 5; };
      result = rondo::run(inner(), {.backend = GetParam()});
    }).join();
    EXPECT_EQ(result, 5);
    co_return;
  };
  run(amain());
}

TEST_P(LoopMisuseTest, WithoutARunThereIsNoRunningLoop) {
  EXPECT_THAT(
      message_of<NoRunningLoopError>([] { get_running_loop(); }),
      ::testing::StrEq("get_running_loop() needs a running task: use it inside rondo::run()"));
  EventLoop loop(options());
  EXPECT_THROW(get_running_loop(), NoRunningLoopError);
}

TEST_P(LoopMisuseTest, AUseWithoutALoopAfterARunIsRefusedToo) {
  run(nothing());
  EXPECT_THROW(get_running_loop(), NoRunningLoopError);
}

TEST_P(LoopMisuseTest, ALoopMayBeDestroyedOnAnotherThread) {
  auto loop = std::make_unique<EventLoop>(options());
  bool ended = false;
  auto cleanup = [&]() -> Task<> {
    co_await sleep(1s);
    ended = true;
  };
  loop->finish_in_background(cleanup());
  std::thread([&] { loop.reset(); }).join();
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace rondo
