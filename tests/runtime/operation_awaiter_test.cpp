// Awaiting operations: ending at once, the inline budget, cancellation.

#include "rondo/runtime/operation_awaiter.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <optional>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

/// Receives on a descriptor, on the running loop's reactor.
class ReceiveAwaiter final : public detail::OperationAwaiter {
 public:
  ReceiveAwaiter(int its_descriptor, std::string& into) {
    kind = Kind::receive;
    descriptor = its_descriptor;
    data = into.data();
    size = into.size();
  }
  std::int64_t await_resume() const { return ended(); }

 private:
  bool start(Operation& operation) override {
    return get_running_loop().reactor().submit(operation);
  }
  void stop(Operation& operation) noexcept override {
    get_running_loop().reactor().cancel(operation);
  }
};

/// Ends at once with the next number.
class EndlessAwaiter final : public detail::OperationAwaiter {
 public:
  explicit EndlessAwaiter(std::int64_t& started) : started_(started) {}
  std::int64_t await_resume() const { return ended(); }

 private:
  bool start(Operation& operation) override {
    operation.result = ++started_;
    return true;
  }
  void stop(Operation&) noexcept override { ADD_FAILURE() << "it never waits"; }

  std::int64_t& started_;
};

Task<std::string> receive(int descriptor) {
  std::string text(100, '\0');
  const std::int64_t count = co_await ReceiveAwaiter(descriptor, text);
  if (count < 0) co_return "error " + std::to_string(-count);
  text.resize(static_cast<std::size_t>(count));
  co_return text;
}

class OperationAwaiterTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(OperationAwaiterTest);

TEST_P(OperationAwaiterTest, WaitsForItsOperation) {
  auto [ours, theirs] = socket_pair();
  auto write_later = [&]() -> Task<> {
    co_await sleep(0s);
    put(theirs.get(), "now");
  };
  auto amain = [&]() -> Task<> {
    const auto results = co_await gather(receive(ours.get()), write_later());
    EXPECT_EQ(std::get<0>(results), "now");
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(OperationAwaiterTest, ACancelledWaitThrowsAndTakesNothing) {
  auto [ours, theirs] = socket_pair();
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1ms, receive(ours.get())), TimeoutError);
    put(theirs.get(), "later");
    EXPECT_EQ(co_await receive(ours.get()), "later");
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(OperationAwaiterTest, InACancelledScopeWhatHasToWaitThrowsAndWhatHasNotGivesItsResult) {
  auto [ours, theirs] = socket_pair();
  auto amain = [&]() -> Task<> {
    put(theirs.get(), "one");
    EXPECT_EQ(co_await receive(ours.get()), "one");
    CancelScope scope;
    scope.cancel();
    for (int i = 0; i < 3; ++i) EXPECT_THROW(co_await receive(ours.get()), Cancelled);
    std::int64_t started = 0;
    EXPECT_EQ(co_await EndlessAwaiter(started), 1);
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(OperationAwaiterTest, ACompletionThatComesBeforeTheCancellationCounts) {
  auto [ours, theirs] = socket_pair();
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    put(theirs.get(), "in time");
    // The data is found by the poll of the next turn, the deadline passes behind it.
    scope.set_deadline(0s);
    EXPECT_EQ(co_await receive(ours.get()), "in time");
    EXPECT_THROW(co_await sleep(1s), Cancelled);
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(OperationAwaiterTest, AnOperationThatWasEndedByOthersIsNoCancellation) {
  auto [ours, theirs] = socket_pair();
  auto close_it = [&]() -> Task<> {
    co_await sleep(0s);
    get_running_loop().reactor().close(ours.release());
  };
  const int number = ours.get();
  auto amain = [&]() -> Task<> {
    const auto results = co_await gather(receive(number), close_it());
    EXPECT_EQ(std::get<0>(results), "error " + std::to_string(ECANCELED));
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(OperationAwaiterTest, AFiberWithEndlessDataLetsTheOthersGoOn) {
  bool stopped = false;
  std::int64_t started = 0;
  auto busy = [&]() -> Task<> {
    while (!stopped) co_await EndlessAwaiter(started);
  };
  auto other = [&]() -> Task<> {
    for (int i = 0; i < 10; ++i) co_await sleep(0s);
    stopped = true;
  };
  auto amain = [&]() -> Task<> { co_await gather(busy(), other()); };
  run(amain());
  EXPECT_GT(started, 100) << "most of them do not suspend";
  EXPECT_LT(started, 100'000);
}

TEST_P(OperationAwaiterTest, EveryResultOfAYieldingFiberIsGiven) {
  std::int64_t started = 0;
  auto amain = [&]() -> Task<> {
    for (std::int64_t i = 1; i <= 10'000; ++i) EXPECT_EQ(co_await EndlessAwaiter(started), i);
  };
  run(amain());
}

TEST_P(OperationAwaiterTest, AFiberWithEndlessDataMeetsItsDeadline) {
  std::int64_t started = 0;
  std::int64_t received = 0;
  auto busy = [&]() -> Task<> {
    while (true) received = co_await EndlessAwaiter(started);
  };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await timeout(5ms, busy()), TimeoutError); };
  rondo::run(amain(), real_time_options());
  EXPECT_EQ(received, started) << "nothing was taken that was not given";
}

}  // namespace
}  // namespace rondo
