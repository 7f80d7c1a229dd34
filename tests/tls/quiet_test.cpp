// Whether an idle connection can be used again.

#include <gtest/gtest.h>

#include "rondo/runtime/gather.hpp"

#include "tests/tls/filter_stream.hpp"
#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

class TlsQuiet : public TlsFixture, public ::testing::WithParamInterface<TlsVersion> {
 protected:
  static Task<TlsEnds> ends() {
    return shake_hands(memory_ends(), client(), server(only(GetParam())));
  }
};

/// With TLS 1.3 the tickets are there now: the lower stream has something to read.
TEST_P(TlsQuiet, IsAStreamAfterTheHandshake) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    EXPECT_TRUE(both.client->is_quiet());
    EXPECT_TRUE(both.server->is_quiet());
    EXPECT_TRUE(both.client->is_quiet());
    co_await both.server->write("afterwards");
    EXPECT_EQ(co_await read_some(*both.client), "afterwards");
  };
  run(body());
}

TEST_P(TlsQuiet, KeepsTheTicketsItTookIn) {
  const auto connecting = client();
  const auto accepting = server(only(GetParam()));
  const auto body = [&]() -> Task<bool> {
    const TlsEnds both = co_await shake_hands(memory_ends(), connecting, accepting);
    EXPECT_TRUE(both.client->is_quiet());
    co_return both.client->info().resumed;
  };
  EXPECT_FALSE(run(body()));
  EXPECT_TRUE(run(body()));
}

TEST_P(TlsQuiet, IsNotAStreamWithDataAndLosesNoneOfIt) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    co_await both.server->write("unasked");
    EXPECT_FALSE(both.client->is_quiet());
    EXPECT_FALSE(both.client->is_quiet());
    EXPECT_EQ(co_await read_some(*both.client), "unasked");
    EXPECT_TRUE(both.client->is_quiet());
  };
  run(body());
}

TEST_P(TlsQuiet, IsNotAStreamWhoseDataWasReadInPart) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    co_await both.server->write("unasked");
    EXPECT_EQ(co_await read_some(*both.client, 2), "un");
    EXPECT_FALSE(both.client->is_quiet());
    EXPECT_EQ(co_await read_some(*both.client), "asked");
  };
  run(body());
}

TEST_P(TlsQuiet, IsNotAStreamThatThePeerHasEnded) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    const auto check = [](TlsStream& stream) -> Task<> {
      EXPECT_FALSE(stream.is_quiet());
      EXPECT_EQ(co_await read_some(stream), "");
      co_await stream.shut_down();
    };
    co_await gather(both.server->shut_down(), check(*both.client));
  };
  run(body());
}

TEST_P(TlsQuiet, IsNotAStreamThatWasCutOff) {
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends();
    both.server.reset();
    EXPECT_FALSE(both.client->is_quiet());
    static_cast<void>(co_await tls_error(TlsError::Reason::truncated, read_some(*both.client)));
  };
  run(body());
}

TEST_P(TlsQuiet, IsNotAStreamThatWasReset) {
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends();
    co_await both.client->write("never read");
    both.server.reset();
    EXPECT_FALSE(both.client->is_quiet());
  };
  run(body());
}

TEST_P(TlsQuiet, IsNotAStreamThatIsInUse) {
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends();
    const auto check = [](TlsEnds& streams) -> Task<> {
      EXPECT_FALSE(streams.client->is_quiet());
      co_await streams.server->write("x");
    };
    auto results = co_await gather(read_some(*both.client), check(both));
    EXPECT_EQ(std::get<0>(results), "x");
  };
  run(body());
}

/// The lower stream seems to have something, and does not: the question must not wait for it, nor
/// lose what comes while its own read is being stopped.
TEST_P(TlsQuiet, IsToldWithoutWaiting) {
  for (const bool stops_late : {false, true}) {
    Traffic traffic;
    const auto body = [&]() -> Task<> {
      LowerEnds lower = memory_ends();
      auto filter = std::make_unique<FilterStream>(std::move(lower.client),
                                                   Meddling{.stops_late = stops_late}, traffic);
      FilterStream& busy = *filter;
      lower.client = std::move(filter);
      const TlsEnds both =
          co_await shake_hands(std::move(lower), client(), server(only(GetParam())));
      EXPECT_TRUE(both.client->is_quiet());
      busy.seem_busy();
      EXPECT_FALSE(both.client->is_quiet());
      co_await both.server->write("here");
      EXPECT_EQ(co_await read_some(*both.client), "here");
      EXPECT_FALSE(both.client->is_quiet());
    };
    run(body());
  }
}

RONDO_TLS_ON_EACH_VERSION(TlsQuiet);

}  // namespace
}  // namespace rondo::tls
