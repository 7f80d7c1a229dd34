#include "rondo/testing/scripted_stream.hpp"

#include <gmock/gmock.h>

#include <string>

#include "rondo/runtime/run.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/testing/stream_calls.hpp"

namespace rondo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class ScriptedStreamTest : public ::testing::TestWithParam<bool> {
 protected:
  StreamScript script() const {
    StreamScript script;
    script.ends_at_once = GetParam();
    return script;
  }

  StreamRecord record_;
  VirtualTime time_;
};

INSTANTIATE_TEST_SUITE_P(Ends, ScriptedStreamTest, ::testing::Values(true, false),
                         [](const auto& mode) { return mode.param ? "at_once" : "later"; });

TEST_P(ScriptedStreamTest, EachReadGivesOnePieceOrWhatItHasRoomFor) {
  auto play = script();
  play.pieces = {"abc", "", "defg"};
  ScriptedStream stream(play, record_);
  auto amain = [&]() -> Task<> {
    EXPECT_EQ(co_await read_some(stream), "abc");
    EXPECT_EQ(co_await read_some(stream, 3), "def");
    EXPECT_EQ(co_await read_some(stream), "g");
    EXPECT_EQ(co_await read_some(stream), "");
  };
  run(amain());
  EXPECT_EQ(record_.reads, 4U);
}

TEST_P(ScriptedStreamTest, EndsAsTheScriptSays) {
  auto play = script();
  play.pieces = {"x"};
  play.ending = ECONNRESET;
  ScriptedStream stream(play, record_);
  auto amain = [&]() -> Task<> {
    EXPECT_EQ(co_await read_some(stream), "x");
    EXPECT_EQ(co_await error_of(read_some(stream)), ECONNRESET);
  };
  run(amain());
}

TEST_P(ScriptedStreamTest, SilenceLastsUntilTheReadIsCancelled) {
  auto play = script();
  play.ending = StreamScript::kSilence;
  ScriptedStream stream(play, record_);
  EXPECT_TRUE(stream.is_quiet());
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1h, read_some(stream)), TimeoutError);
  };
  run(amain(), {.time = &time_});
  EXPECT_EQ(time_.elapsed(), 1h);
}

TEST_P(ScriptedStreamTest, RecordsWhatIsWritten) {
  {
    ScriptedStream stream(script(), record_);
    auto amain = [&]() -> Task<> {
      co_await stream.write("head", "body");
      co_await stream.shut_down();
    };
    run(amain());
  }
  EXPECT_EQ(record_.written, "headbody");
  EXPECT_EQ(record_.writes, 1U);
  EXPECT_TRUE(record_.was_shut_down);
  EXPECT_TRUE(record_.was_destroyed);
}

TEST_P(ScriptedStreamTest, FailsTheOperationItIsToldTo) {
  for (std::size_t failing = 1; failing <= 3; ++failing) {
    auto play = script();
    play.pieces = {"a"};
    play.failing_operation = failing;
    play.failure = EPIPE;
    StreamRecord record;
    ScriptedStream stream(play, record);
    auto amain = [&]() -> Task<> {
      EXPECT_EQ(co_await error_of(write_all(stream, "1")), failing == 1 ? EPIPE : 0);
      EXPECT_EQ(co_await error_of(read_some(stream)), failing == 2 ? EPIPE : 0);
      EXPECT_EQ(co_await error_of(write_all(stream, "3")), failing == 3 ? EPIPE : 0);
    };
    run(amain());
  }
}

TEST_P(ScriptedStreamTest, AWriteBeyondWhatThePeerAcceptsWaits) {
  auto play = script();
  play.accepts = 3;
  ScriptedStream stream(play, record_);
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1min, write_all(stream, "12345")), TimeoutError);
  };
  run(amain(), {.time = &time_});
  EXPECT_EQ(record_.written, "123");
}

TEST_P(ScriptedStreamTest, IsNotQuietWhileThereIsSomethingToRead) {
  auto play = script();
  play.pieces = {"x"};
  play.ending = StreamScript::kSilence;
  ScriptedStream stream(play, record_);
  EXPECT_FALSE(stream.is_quiet());
  auto amain = [&]() -> Task<> { EXPECT_EQ(co_await read_some(stream), "x"); };
  run(amain());
  EXPECT_TRUE(stream.is_quiet());
}

TEST(StreamPieces, CutATextEverywhere) {
  EXPECT_THAT(in_pieces_of(2, "abcde"), ElementsAre("ab", "cd", "e"));
  EXPECT_THAT(in_pieces_of(1, ""), ElementsAre());
  EXPECT_THAT(split_at(2, "abcde"), ElementsAre("ab", "cde"));
  EXPECT_THAT(split_at(0, "abc"), ElementsAre("abc"));
  EXPECT_THAT(split_at(3, "abc"), ElementsAre("abc"));
}

}  // namespace
}  // namespace rondo::testing
