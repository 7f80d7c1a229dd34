// Handshakes, reads and writes that are asked to stop, and streams that are destroyed.

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <tuple>

#include "rondo/base/error.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/scripted_stream.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/tls/filter_stream.hpp"
#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

using namespace std::chrono_literals;

/// On lower streams that stop at once, and on some that take a turn.
class TlsCancellation : public TlsFixture,
                        public ::testing::WithParamInterface<std::tuple<TlsVersion, bool>> {
 protected:
  static SharedContext server_of_version() { return server(only(std::get<0>(GetParam()))); }

  std::unique_ptr<FilterStream> filtered(Lower lower) {
    const Meddling meddling{.stops_late = std::get<1>(GetParam())};
    return std::make_unique<FilterStream>(std::move(lower), meddling, traffic_);
  }

  /// `below` gets the stream below the client.
  Task<TlsEnds> ends(LowerEnds lower, FilterStream** below = nullptr) {
    auto filter = filtered(std::move(lower.client));
    if (below != nullptr) *below = filter.get();
    lower.client = std::move(filter);
    return shake_hands(std::move(lower), client(), server_of_version());
  }

  template <class T>
  static Task<bool> times_out(Clock::duration limit, Task<T> task) {
    try {
      static_cast<void>(co_await timeout(limit, std::move(task)));
    } catch (const TimeoutError&) {
      co_return true;
    }
    co_return false;
  }

  static Task<bool> write_times_out(net::ByteStream& stream, std::string bytes) {
    const auto write = [](net::ByteStream& to, std::string text) -> Task<int> {
      co_await to.write(text);
      co_return 0;
    };
    co_return co_await times_out(1s, write(stream, std::move(bytes)));
  }

  static Task<int> errno_of_write(net::ByteStream& stream) {
    try {
      co_await stream.write("more");
    } catch (const OsError& error) {
      co_return error.code();
    }
    co_return 0;
  }

  template <class T>
  T run_in_no_time(Task<T> task) {
    return run(std::move(task), {.time = &time_});
  }

  testing::VirtualTime time_;
  Traffic traffic_;
};

TEST_P(TlsCancellation, EndsAHandshakeWithASilentPeer) {
  testing::StreamRecord record;
  const testing::StreamScript script{.pieces = {}, .ending = testing::StreamScript::kSilence};
  auto lower = filtered(std::make_unique<testing::ScriptedStream>(script, record));
  auto connecting = TlsStream::connect(std::move(lower), client(), "localhost", 443);
  EXPECT_TRUE(run_in_no_time(times_out(1s, std::move(connecting))));
  EXPECT_EQ(time_.elapsed(), 1s);
  EXPECT_TRUE(record.was_destroyed);
}

TEST_P(TlsCancellation, EndsAHandshakeWithAPeerThatTakesNothing) {
  testing::StreamRecord record;
  const testing::StreamScript script{
      .pieces = {}, .ending = testing::StreamScript::kSilence, .accepts = 10};
  auto lower = filtered(std::make_unique<testing::ScriptedStream>(script, record));
  auto connecting = TlsStream::connect(std::move(lower), client(), "localhost", 443);
  EXPECT_TRUE(run_in_no_time(times_out(1s, std::move(connecting))));
  EXPECT_EQ(record.written.size(), 10U);
  EXPECT_TRUE(record.was_destroyed);
}

TEST_P(TlsCancellation, OfAReadLosesNothing) {
  const auto body = [&]() -> Task<> {
    FilterStream* below = nullptr;
    const TlsEnds both = co_await ends(memory_ends(), &below);
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(co_await times_out(1s, read_some(*both.client)));
      EXPECT_FALSE(below->is_busy());
    }
    co_await both.server->write("here");
    EXPECT_EQ(co_await read_some(*both.client), "here");
  };
  run_in_no_time(body());
}

/// Copies what `from` gives in small pieces, each after a while.
Task<> drip(net::ByteStream& from, net::ByteStream& to) {
  while (true) {
    const std::string piece = co_await read_some(from, 700);
    if (piece.empty()) co_return;
    co_await sleep(10ms);
    co_await to.write(piece);
  }
}

TEST_P(TlsCancellation, OfReadsInTheMiddleOfRecordsLosesNothing) {
  const auto receive = [&](TlsStream& stream, std::size_t size) -> Task<> {
    std::string got;
    int cancelled = 0;
    while (got.size() < size) {
      try {
        const std::string more = co_await timeout(15ms, read_some(stream));
        if (more.empty()) break;
        got += more;
      } catch (const TimeoutError&) {
        ++cancelled;
      }
    }
    EXPECT_EQ(got, sample(size));
    EXPECT_GT(cancelled, 10);
    co_await stream.shut_down();
  };
  const auto serve = [&](TlsStream& stream, std::size_t size) -> Task<> {
    const std::string text = sample(size);
    co_await stream.write(text);
    co_await stream.shut_down();
  };
  const auto talk = [&](Lower near, Lower far) -> Task<> {
    const TlsEnds both = co_await ends({std::move(near), std::move(far)});
    co_await gather(receive(*both.client, 50000), serve(*both.server, 50000));
  };
  const auto body = [&]() -> Task<> {
    auto near = memory_ends();
    auto far = memory_ends();
    co_await gather(talk(std::move(near.client), std::move(far.client)),
                    drip(*near.server, *far.server), drip(*far.server, *near.server));
  };
  run_in_no_time(body());
}

TEST_P(TlsCancellation, OfAWriteLeavesTheOtherDirectionAlone) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends(memory_ends());
    EXPECT_TRUE(co_await write_times_out(*both.client, sample(1000000)));
    co_await both.server->write("still here");
    EXPECT_EQ(co_await read_some(*both.client), "still here");
  };
  run_in_no_time(body());
}

TEST_P(TlsCancellation, OfAWriteEndsTheSendingForGood) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends(memory_ends());
    EXPECT_TRUE(co_await write_times_out(*both.client, sample(1000000)));
    EXPECT_EQ(co_await errno_of_write(*both.client), EPIPE);
    co_await both.client->shut_down();
    EXPECT_EQ(time_.elapsed(), 1s);
  };
  run_in_no_time(body());
}

TEST_P(TlsCancellation, ReachesAReadAndAWriteSideBySide) {
  const auto body = [&]() -> Task<> {
    FilterStream* below = nullptr;
    const TlsEnds both = co_await ends(memory_ends(), &below);
    auto results = co_await gather(times_out(1s, read_some(*both.client)),
                                   write_times_out(*both.client, sample(1000000)));
    EXPECT_TRUE(std::get<0>(results));
    EXPECT_TRUE(std::get<1>(results));
    EXPECT_FALSE(below->is_busy());
  };
  run_in_no_time(body());
}

/// The alert about a broken record is under way when the stream goes.
TEST_P(TlsCancellation, IsNotNeededForAnAlertThatCannotBeSent) {
  FilterStream* below = nullptr;
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends(memory_ends(), &below);
    co_await both.server->write("x");
    EXPECT_EQ(co_await read_some(*both.client), "x");
    co_await both.server->write("broken on its way");
    below->hold_writes();
    below->flip_next();
    const std::string words =
        co_await tls_error(TlsError::Reason::protocol, read_some(*both.client));
    EXPECT_NE(words.find("TLS connection with localhost:443 failed: "), std::string::npos);
    EXPECT_FALSE(both.client->is_quiet());
    both.client.reset();
    EXPECT_EQ(co_await tls_error(TlsError::Reason::truncated, read_some(*both.server)),
              "TLS connection with memory failed: the connection ended without close_notify: data "
              "may be missing");
  };
  run_in_no_time(body());
}

/// A stream that goes while the read that asked for its quiet is still being stopped.
TEST_P(TlsCancellation, OfTheOwnReadIsAwaitedByTheLoop) {
  FilterStream* below = nullptr;
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends(memory_ends(), &below);
    EXPECT_TRUE(both.client->is_quiet());
    below->seem_busy();
    EXPECT_FALSE(both.client->is_quiet());
    both.client.reset();
  };
  run_in_no_time(body());
}

std::string case_name(const ::testing::TestParamInfo<std::tuple<TlsVersion, bool>>& info) {
  const std::string version = version_name({std::get<0>(info.param), 0});
  return version + (std::get<1>(info.param) ? "_stops_late" : "_stops_at_once");
}

INSTANTIATE_TEST_SUITE_P(, TlsCancellation,
                         ::testing::Combine(::testing::Values(TlsVersion::tls_1_2,
                                                              TlsVersion::tls_1_3),
                                            ::testing::Bool()),
                         case_name);

}  // namespace
}  // namespace rondo::tls
