// The end of a connection: close_notify, sent and awaited.

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>

#include "rondo/base/error.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/tls/filter_stream.hpp"
#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

using namespace std::chrono_literals;
using Reason = TlsError::Reason;

class TlsClosing : public TlsFixture, public ::testing::WithParamInterface<TlsVersion> {
 protected:
  static Task<TlsEnds> ends(LowerEnds lower) {
    return shake_hands(std::move(lower), client(), server(only(GetParam())));
  }

  static Task<std::string> read_and_shut_down(net::ByteStream& stream) {
    std::string text = co_await read_to_end(stream);
    co_await stream.shut_down();
    co_return text;
  }
};

TEST_P(TlsClosing, EndsThePeersReadingInGoodOrder) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends(memory_ends());
    co_await both.client->write("last words");
    auto results = co_await gather(read_and_shut_down(*both.server), both.client->shut_down());
    EXPECT_EQ(std::get<0>(results), "last words");
  };
  run(body());
}

TEST_P(TlsClosing, WorksFromBothSidesAtOnce) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends(memory_ends());
    co_await gather(both.server->shut_down(), both.client->shut_down());
    EXPECT_EQ(co_await read_some(*both.client), "");
    EXPECT_EQ(co_await read_some(*both.server), "");
  };
  run(body());
}

TEST_P(TlsClosing, ShutsTheLowerStreamDown) {
  const auto body = [&]() -> Task<> {
    LowerEnds lower = memory_ends();
    Traffic traffic;
    auto filter = std::make_unique<FilterStream>(std::move(lower.client), Meddling{}, traffic);
    FilterStream& watched = *filter;
    lower.client = std::move(filter);
    const TlsEnds both = co_await ends(std::move(lower));
    co_await gather(both.server->shut_down(), both.client->shut_down());
    EXPECT_TRUE(watched.was_shut_down());
  };
  run(body());
}

TEST_P(TlsClosing, KeepsTheOtherDirectionOpen) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends(memory_ends());
    const auto say_more = [](TlsStream& stream) -> Task<> {
      EXPECT_EQ(co_await read_to_end(stream), "");
      co_await stream.write("not for you");
      co_await stream.shut_down();
    };
    co_await gather(say_more(*both.server), both.client->shut_down());
  };
  run(body());
}

TEST_P(TlsClosing, ThrowsAwayWhatStillComes) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends(memory_ends());
    const auto talk = [](TlsStream& stream) -> Task<> {
      co_await stream.write(sample(200000));
      co_await stream.shut_down();
    };
    co_await gather(talk(*both.server), both.client->shut_down());
    EXPECT_EQ(co_await read_some(*both.client), "");
  };
  run(body());
}

TEST_P(TlsClosing, GivesUpOnAPeerThatGoesOnTalking) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends(memory_ends());
    const auto talk = [](TlsStream& stream) -> Task<> {
      const std::string text = sample(1000000);
      while (true) co_await stream.write(text);
    };
    auto outcomes = co_await gather(return_exceptions, timeout(1h, talk(*both.server)),
                                    timeout(1s, both.client->shut_down()));
    EXPECT_TRUE(std::get<1>(outcomes).ok());
  };
  testing::VirtualTime time;
  run(body(), {.time = &time});
}

TEST_P(TlsClosing, LeavesASilentPeerToTheDeadline) {
  testing::VirtualTime time;
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends(memory_ends());
    EXPECT_EQ(time.elapsed(), 0s);
    try {
      co_await timeout(3s, both.client->shut_down());
      ADD_FAILURE() << "no time-out";
    } catch (const TimeoutError&) {
      EXPECT_EQ(time.elapsed(), 3s);
    }
    EXPECT_EQ(co_await read_to_end(*both.server), "");
  };
  run(body(), {.time = &time});
}

TEST_P(TlsClosing, EndsAtOnceWhenThePeerHasGone) {
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends(memory_ends());
    both.server.reset();
    co_await both.client->shut_down();
  };
  run(body());
}

TEST_P(TlsClosing, EndsAtOnceAfterAFailure) {
  Traffic traffic;
  const auto body = [&]() -> Task<> {
    LowerEnds lower = memory_ends();
    lower.client = std::make_unique<FilterStream>(std::move(lower.client), Meddling{}, traffic);
    TlsEnds both = co_await ends(std::move(lower));
    both.server.reset();
    static_cast<void>(co_await tls_error(Reason::truncated, read_some(*both.client)));
    traffic.writes.clear();
    co_await both.client->shut_down();
    EXPECT_TRUE(traffic.writes.empty());
  };
  run(body());
}

TEST_P(TlsClosing, RefusesToWriteAfterwards) {
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends(memory_ends());
    co_await gather(both.server->shut_down(), both.client->shut_down());
    try {
      co_await both.client->write("more");
      ADD_FAILURE() << "no error";
    } catch (const OsError& error) {
      EXPECT_EQ(error.code(), EPIPE);
    }
  };
  run(body());
}

TEST_P(TlsClosing, MayBeRepeated) {
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends(memory_ends());
    co_await gather(both.server->shut_down(), both.client->shut_down());
    co_await both.client->shut_down();
  };
  run(body());
}

TEST_P(TlsClosing, LetsASessionBeResumedWhenItWasLeftOut) {
  const auto connecting = client();
  const auto accepting = server(only(GetParam()));
  const auto body = [&]() -> Task<bool> {
    TlsEnds both = co_await shake_hands(memory_ends(), connecting, accepting);
    co_await both.server->write("x");
    EXPECT_EQ(co_await read_some(*both.client), "x");
    co_return both.client->info().resumed;
  };
  EXPECT_FALSE(run(body()));
  EXPECT_TRUE(run(body()));
}

RONDO_TLS_ON_EACH_VERSION(TlsClosing);

}  // namespace
}  // namespace rondo::tls
