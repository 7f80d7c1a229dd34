// The usual exchange, which is one wait: how it ends, early, late, and in between. What is read and
// what is made of it is in http1_connection_test.cpp.

#include "rondo/http/http1_exchange.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "rondo/http/hop.hpp"
#include "rondo/http/http1_connection.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/scripted_stream.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using std::chrono::seconds;
using testing::StreamRecord;
using testing::StreamScript;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// How the first wait of an exchange ended, and when.
struct Begun {
  bool is_done = false;
  std::string failure;
  Phase phase = Phase::plan;
  Clock::duration took{};
};

Hop hop_within(std::optional<Clock::duration> piece, std::optional<Clock::duration> whole) {
  Hop hop{.method = "GET", .head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", .read_limit = piece};
  if (whole) hop.total_limit = TotalLimit{get_running_loop().moment_in(*whole), *whole};
  return hop;
}

class Http1ExchangeTest : public rondo::test::EachBackend {
 protected:
  struct Limits {
    std::optional<Clock::duration> piece = std::nullopt;
    std::optional<Clock::duration> whole = std::nullopt;
  };

  Begun begin(StreamScript script, Limits limits) {
    return run(begun(std::move(script), limits), {.time = &time_});
  }

  Task<Begun> begun(StreamScript script, Limits limits) {
    Http1Connection connection(
        std::make_unique<testing::ScriptedStream>(std::move(script), record_), false);
    Hop hop = hop_within(limits.piece, limits.whole);
    Stage stage;
    Reply reply;
    Begun begun;
    const auto start = get_running_loop().now();
    try {
      const bool has_answer = co_await connection.begin_exchange(hop, stage);
      begun.is_done = has_answer && connection.take_answer(hop, stage, reply);
    } catch (const ExchangeFailure& failure) {
      begun.failure = failure.reason;
    }
    begun.phase = stage.phase;
    begun.took = get_running_loop().now() - start;
    co_return begun;
  }

  testing::VirtualTime time_;
  StreamRecord record_;
};
RONDO_ON_EACH_BACKEND(Http1ExchangeTest);

TEST_P(Http1ExchangeTest, IsDoneWhenTheHeadHasComeInOnePiece) {
  for (const bool at_once : {true, false}) {
    const Begun begun = begin({.pieces = {kOk}, .ends_at_once = at_once}, {});
    EXPECT_TRUE(begun.is_done) << at_once;
    EXPECT_EQ(begun.phase, Phase::wait);
  }
}

TEST_P(Http1ExchangeTest, IsNotDoneWhileTheHeadIsInPieces) {
  EXPECT_FALSE(begin({.pieces = testing::split_at(20, kOk)}, {}).is_done);
  EXPECT_EQ(record_.reads, 1U) << "the rest is for finish_exchange";
}

TEST_P(Http1ExchangeTest, EndsWithTheRequestAsAWhole) {
  const StreamScript silent{.pieces = {}, .ending = StreamScript::kSilence};
  const Begun late = begin(silent, {.whole = seconds(3)});
  EXPECT_EQ(late.failure, "timed out after 3 s");
  EXPECT_EQ(late.phase, Phase::wait);
  EXPECT_EQ(late.took, seconds(3));
}

TEST_P(Http1ExchangeTest, EndsWithTheRequestAsAWholeAlsoWhileItIsSent) {
  const StreamScript full{.pieces = {}, .ending = StreamScript::kSilence, .accepts = 5};
  const Begun late = begin(full, {.piece = seconds(1), .whole = seconds(3)});
  EXPECT_EQ(late.failure, "timed out after 3 s") << "sending is no piece of the answer";
  EXPECT_EQ(late.phase, Phase::send);
  EXPECT_EQ(late.took, seconds(3));
}

TEST_P(Http1ExchangeTest, EndsWithTheShorterOfTwoLimits) {
  const StreamScript silent{.pieces = {}, .ending = StreamScript::kSilence};
  EXPECT_EQ(begin(silent, {.piece = seconds(2), .whole = seconds(3)}).took, seconds(2));
  const Begun late = begin(silent, {.piece = seconds(5), .whole = seconds(4)});
  EXPECT_EQ(late.took, seconds(4));
  EXPECT_EQ(late.failure, "timed out after 4 s");
}

TEST_P(Http1ExchangeTest, SaysWhatTheWriteHasFailedWithWhenItIsFinished) {
  const auto failing = [&]() -> Task<std::string> {
    StreamScript script{.pieces = {}, .failing_operation = 1, .failure = EPIPE};
    Http1Connection connection(
        std::make_unique<testing::ScriptedStream>(std::move(script), record_), false);
    Hop hop = hop_within({}, {});
    Stage stage;
    Reply reply;
    const bool has_answer = co_await connection.begin_exchange(hop, stage);
    EXPECT_FALSE(has_answer);
    EXPECT_EQ(record_.reads, 0U) << "nothing answers what has not left";
    try {
      co_await connection.finish_exchange(hop, stage, reply);
    } catch (const ExchangeFailure& failure) {
      EXPECT_EQ(failure.fault, ExchangeFault::disconnected);
      co_return failure.reason;
    }
    co_return "no failure";
  };
  EXPECT_NE(run(failing()).find("write"), std::string::npos);
}

TEST_P(Http1ExchangeTest, NeedsTheHeadNoLongerThanUntilItHasLeft) {
  const auto waiting = [&](StreamScript script) -> Task<bool> {
    Http1Connection connection(
        std::make_unique<testing::ScriptedStream>(std::move(script), record_), false);
    Hop hop = hop_within({}, seconds(1));
    hop.own_head = make_recycled<RecycledText>();
    hop.own_head->text = std::exchange(hop.head, {});
    hop.head = hop.own_head->text;
    Stage stage;
    bool has_head = false;
    get_running_loop().call_soon([&] { has_head = hop.own_head != nullptr; });
    try {
      static_cast<void>(co_await connection.begin_exchange(hop, stage));
    } catch (const ExchangeFailure& failure) {
      EXPECT_EQ(failure.fault, ExchangeFault::timed_out);
    }
    co_return has_head;
  };
  const StreamScript silent{.pieces = {}, .ending = StreamScript::kSilence};
  EXPECT_FALSE(run(waiting(silent), {.time = &time_}));
  record_ = {};
  StreamScript full = silent;
  full.accepts = 5;
  EXPECT_TRUE(run(waiting(full), {.time = &time_})) << "most of it has not left";
}

/// A write that ends in the turn in which its exchange is cancelled: the answer is not waited for.
TEST_P(Http1ExchangeTest, IsCancelledBetweenTheWriteAndTheAnswer) {
  bool was_cancelled = false;
  const auto cancelled = [&]() -> Task<> {
    StreamScript script{.pieces = {}, .ending = StreamScript::kSilence, .ends_at_once = false};
    Http1Connection connection(
        std::make_unique<testing::ScriptedStream>(std::move(script), record_), false);
    Hop hop = hop_within({}, {});
    Stage stage;
    Reply reply;
    CancelScope scope;
    get_running_loop().call_soon([&] { scope.cancel("enough"); });
    const bool has_answer = co_await connection.begin_exchange(hop, stage);
    EXPECT_FALSE(has_answer);
    EXPECT_EQ(stage.phase, Phase::wait) << "all had left";
    try {
      co_await connection.finish_exchange(hop, stage, reply);
    } catch (const Cancelled&) {
      was_cancelled = true;
    }
  };
  run(cancelled());
  EXPECT_TRUE(was_cancelled);
}

}  // namespace
}  // namespace rondo::http
