// How long one waits for more of a body: no longer than for a piece, and than for the request as a
// whole.

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "rondo/http/hop.hpp"
#include "rondo/http/http1_connection.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/testing/scripted_stream.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using std::chrono::seconds;
using testing::StreamRecord;
using testing::StreamScript;

constexpr std::size_t kPiece = 5000;  // large enough to go straight into the caller's memory

/// How the reading of a body ended, and when.
struct Ended {
  std::string failure;
  std::size_t size = 0;
  Clock::duration took{};
};

struct Limits {
  std::optional<Clock::duration> piece = std::nullopt;
  std::optional<Clock::duration> total = std::nullopt;
};

enum class Way : std::uint8_t { fill, read_into };

/// Reads on; 0: the body has ended.
Task<std::size_t> read_more(BodySource& body, Way way, std::optional<TotalLimit> limit) {
  if (way == Way::read_into) {
    std::array<char, kPiece> into{};
    co_return co_await body.read_into(into, limit);
  }
  co_await body.fill(limit);
  co_return body.take().size();
}

class BodyLimitTest : public rondo::test::EachBackend {
 protected:
  /// Reads all of a body that has `pieces` of ten, and pauses between two reads.
  Ended read(int pieces, Way way, Limits limits, Clock::duration pause = {}) {
    StreamScript script{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n"},
                        .ending = StreamScript::kSilence};
    for (int i = 0; i < pieces; ++i) script.pieces.emplace_back(kPiece, 'x');
    return run(reading(std::move(script), way, limits, pause), {.time = &time_});
  }

  Task<Ended> reading(StreamScript script, Way way, Limits limits, Clock::duration pause) {
    Http1Connection connection(
        std::make_unique<testing::ScriptedStream>(std::move(script), record_), false);
    Hop hop{
        .method = "GET", .head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", .read_limit = limits.piece};
    std::optional<TotalLimit> total;
    if (limits.total) {
      total = TotalLimit{get_running_loop().moment_in(*limits.total), *limits.total};
    }
    Stage stage;
    Reply reply;
    const bool has_answer = co_await connection.begin_exchange(hop, stage);
    EXPECT_TRUE(has_answer && connection.take_answer(hop, stage, reply));
    Ended ended;
    try {
      while (const std::size_t count = co_await read_more(*reply.body, way, total)) {
        ended.size += count;
        time_.advance(pause);
      }
    } catch (const ExchangeFailure& failure) {
      EXPECT_EQ(failure.fault, ExchangeFault::timed_out);
      ended.failure = failure.reason;
    }
    ended.took = time_.elapsed() - begun_;
    begun_ = time_.elapsed();
    co_return ended;
  }

  testing::VirtualTime time_;
  Clock::duration begun_{};
  StreamRecord record_;
};
RONDO_ON_EACH_BACKEND(BodyLimitTest);

TEST_P(BodyLimitTest, EndsTheWaitWithTheRequestAsAWhole) {
  for (const Way way : {Way::fill, Way::read_into}) {
    const Ended late = read(2, way, {.total = seconds(3)});
    EXPECT_EQ(late.failure, "timed out after 3 s");
    EXPECT_EQ(late.size, 2 * kPiece);
    EXPECT_EQ(late.took, seconds(3));
  }
}

TEST_P(BodyLimitTest, EndsTheWaitWithTheShorterOfTwoLimits) {
  for (const Way way : {Way::fill, Way::read_into}) {
    const Ended late = read(2, way, {.piece = seconds(2), .total = seconds(3)});
    EXPECT_EQ(late.failure, "timed out after 2 s");
    EXPECT_EQ(late.took, seconds(2));
    EXPECT_EQ(read(2, way, {.piece = seconds(4), .total = seconds(3)}).failure,
              "timed out after 3 s");
  }
}

/// No piece takes long, and none is waited for.
TEST_P(BodyLimitTest, EndsWithTheRequestAlsoWhereThePeerSendsWithoutAPause) {
  for (const Way way : {Way::fill, Way::read_into}) {
    const Ended late = read(10, way, {.piece = seconds(2), .total = seconds(3)}, seconds(1));
    EXPECT_EQ(late.failure, "timed out after 3 s");
    EXPECT_EQ(late.size, 3 * kPiece);
    EXPECT_EQ(late.took, seconds(3));
  }
}

TEST_P(BodyLimitTest, IsNotOverBeforeTheEnd) {
  for (const Way way : {Way::fill, Way::read_into}) {
    const Ended whole = read(10, way, {.piece = seconds(2), .total = seconds(20)}, seconds(1));
    EXPECT_EQ(whole.failure, "");
    EXPECT_EQ(whole.size, 10 * kPiece);
  }
}

TEST_P(BodyLimitTest, CountsLessThanACancellationFromOutside) {
  for (const Way way : {Way::fill, Way::read_into}) {
    Ended ended{.failure = "was not begun"};
    const auto limited = [&]() -> Task<> {
      CancelScope scope(seconds(3));
      StreamScript script{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n"},
                          .ending = StreamScript::kSilence};
      ended = co_await reading(std::move(script), way, {.total = seconds(3)}, {});
    };
    EXPECT_THROW(run(limited(), {.time = &time_}), Cancelled);
    EXPECT_EQ(ended.failure, "was not begun") << "it would say that it has timed out";
  }
}

}  // namespace
}  // namespace rondo::http
