#include "rondo/testing/memory_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/testing/stream_calls.hpp"

namespace rondo::testing {
namespace {

using namespace std::chrono_literals;

Task<std::string> read_all(net::ByteStream& stream) {
  std::string all;
  while (true) {
    const std::string piece = co_await read_some(stream);
    if (piece.empty()) co_return all;
    all += piece;
  }
}

TEST(MemoryStream, CarriesBytesBothWays) {
  auto [a, b] = memory_stream_pair();
  auto amain = [&]() -> Task<> {
    co_await a->write("ping ", "pong");
    co_await b->write("reply");
    EXPECT_EQ(co_await read_some(*b), "ping pong");
    EXPECT_EQ(co_await read_some(*a), "reply");
  };
  run(amain());
}

TEST(MemoryStream, AReadWaitsForTheWrite) {
  auto [a, b] = memory_stream_pair();
  std::string order;
  auto reader = [&]() -> Task<> {
    order += "r";
    order += co_await read_some(*b);
  };
  auto writer = [&]() -> Task<> {
    order += "w";
    co_await a->write("X");
    order += "d";
  };
  auto amain = [&]() -> Task<> { co_await gather(reader(), writer()); };
  run(amain());
  EXPECT_EQ(order, "rwdX");
}

TEST(MemoryStream, AFullPipeHoldsTheWriterBack) {
  auto [a, b] = memory_stream_pair({.capacity = 4});
  std::string text(1000, 'x');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 26);
  bool written = false;
  auto writer = [&]() -> Task<> {
    co_await a->write(std::string_view(text).substr(0, 3), std::string_view(text).substr(3));
    written = true;
    co_await a->shut_down();
  };
  auto reader = [&]() -> Task<std::string> {
    co_await sleep(1s);
    EXPECT_FALSE(written);
    co_return co_await read_all(*b);
  };
  VirtualTime time;
  auto amain = [&]() -> Task<std::string> {
    auto results = co_await gather(writer(), reader());
    co_return std::get<1>(results);
  };
  EXPECT_EQ(run(amain(), {.time = &time}), text);
  EXPECT_TRUE(written);
}

TEST(MemoryStream, GivesNoMoreThanTheLargestRead) {
  auto [a, b] = memory_stream_pair({.largest_read = 1});
  auto amain = [&]() -> Task<> {
    co_await a->write("abc");
    EXPECT_EQ(co_await read_some(*b), "a");
    EXPECT_EQ(co_await read_some(*b), "b");
    EXPECT_EQ(co_await read_some(*b), "c");
  };
  run(amain());
}

TEST(MemoryStream, ShutDownEndsThePeersReadingAfterWhatWasWritten) {
  auto [a, b] = memory_stream_pair();
  auto amain = [&]() -> Task<> {
    co_await a->write("last words");
    co_await a->shut_down();
    EXPECT_EQ(co_await read_all(*b), "last words");
    EXPECT_EQ(co_await error_of(write_all(*a, "more")), EPIPE);
    co_await b->write("the other way is open");
    EXPECT_EQ(co_await read_some(*a), "the other way is open");
  };
  run(amain());
}

TEST(MemoryStream, DestroyingAnEndWakesAReaderWithTheEnd) {
  auto [a, b] = memory_stream_pair();
  auto closer = [&]() -> Task<> {
    co_await sleep(0ms);
    a.reset();
  };
  auto amain = [&]() -> Task<> {
    auto results = co_await gather(read_some(*b), closer());
    EXPECT_EQ(std::get<0>(results), "");
    EXPECT_EQ(co_await error_of(write_all(*b, "x")), EPIPE);
  };
  run(amain());
}

TEST(MemoryStream, DestroyingAnEndFailsAWriterThatWaits) {
  auto [a, b] = memory_stream_pair({.capacity = 1});
  auto closer = [&]() -> Task<> {
    co_await sleep(0ms);
    b.reset();
  };
  auto amain = [&]() -> Task<> {
    auto results = co_await gather(error_of(write_all(*a, "too much")), closer());
    EXPECT_EQ(std::get<0>(results), EPIPE);
  };
  run(amain());
}

TEST(MemoryStream, DestroyingAnEndWithUnreadBytesResetsThePeer) {
  auto [a, b] = memory_stream_pair();
  auto amain = [&]() -> Task<> {
    co_await b->write("never read");
    co_await a->write("still delivered");
    a.reset();
    EXPECT_EQ(co_await read_some(*b), "still delivered");
    EXPECT_EQ(co_await error_of(read_some(*b)), ECONNRESET);
  };
  run(amain());
}

TEST(MemoryStream, ACancelledReadLosesNothing) {
  auto [a, b] = memory_stream_pair();
  VirtualTime time;
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, read_some(*b)), TimeoutError);
    co_await a->write("late");
    EXPECT_EQ(co_await read_some(*b), "late");
  };
  run(amain(), {.time = &time});
}

TEST(MemoryStream, ASecondReadAtATimeIsRefused) {
  auto [a, b] = memory_stream_pair();
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(read_some(*b));
      co_await sleep(0ms);
      EXPECT_EQ(co_await error_of(read_some(*b)), EBUSY);
      co_await a->write("x");
    });
  };
  run(amain());
}

TEST(MemoryStream, IsQuietUntilSomethingComesOrEnds) {
  auto [a, b] = memory_stream_pair({.peer = "127.0.0.1:80"});
  EXPECT_EQ(a->peer(), "127.0.0.1:80");
  auto amain = [&]() -> Task<> {
    EXPECT_TRUE(b->is_quiet());
    co_await a->write("x");
    EXPECT_FALSE(b->is_quiet());
    EXPECT_EQ(co_await read_some(*b), "x");
    EXPECT_TRUE(b->is_quiet());
    a.reset();
    EXPECT_FALSE(b->is_quiet());
  };
  run(amain());
}

TEST(MemoryStream, MayOutliveItsLoop) {
  auto [a, b] = memory_stream_pair();
  auto amain = [&]() -> Task<> { co_await a->write("x"); };
  run(amain());
  a.reset();
  b.reset();
}

}  // namespace
}  // namespace rondo::testing
