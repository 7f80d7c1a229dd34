// Data through an established stream.

#include <gtest/gtest.h>

#include <cerrno>
#include <numeric>

#include "rondo/base/error.hpp"
#include "rondo/runtime/gather.hpp"

#include "tests/tls/filter_stream.hpp"
#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

constexpr std::size_t kMebibyte = std::size_t{1024} * 1024;

class TlsTransfer : public TlsFixture, public ::testing::WithParamInterface<TlsVersion> {
 protected:
  static SharedContext server_of_version() { return server(only(GetParam())); }

  static Task<> send(net::ByteStream& stream, std::string bytes) { co_await stream.write(bytes); }

  /// Both ends write `size` bytes while they read as many.
  static Task<> exchange(LowerEnds lower, std::size_t size) {
    const TlsEnds ends = co_await shake_hands(std::move(lower), client(), server_of_version());
    const std::string up = sample(size);
    const std::string down = sample(size + 1);
    auto results = co_await gather(read_exactly(*ends.server, up.size()),
                                   read_exactly(*ends.client, down.size()), send(*ends.client, up),
                                   send(*ends.server, down));
    EXPECT_EQ(std::get<0>(results), up);
    EXPECT_EQ(std::get<1>(results), down);
  }
};

/// The last flight of a TLS 1.3 handshake is the client's. Who writes at once has it taken along.
TEST_F(TlsFixture, SendsTheEndOfTheHandshakeWithTheFirstWrite) {
  Traffic traffic;
  const auto body = [&](bool writes) -> Task<> {
    auto lower = memory_ends();
    lower.client = std::make_unique<FilterStream>(std::move(lower.client), Meddling(), traffic);
    const auto client_side = [&]() -> Task<std::unique_ptr<TlsStream>> {
      auto stream =
          co_await TlsStream::connect(std::move(lower.client), client(), "localhost", 443);
      if (writes) co_await stream->write("first");
      co_return std::move(stream);
    };
    auto [near, far] =
        co_await gather(client_side(), TlsStream::accept(std::move(lower.server), server()));
    EXPECT_EQ(traffic.writes.size(), 2U) << "nothing else has left, and nothing is kept back";
    if (writes) {
      EXPECT_EQ(co_await read_some(*far), "first");
    }
  };
  run(body(true));
  traffic = {};
  run(body(false));
}

TEST_P(TlsTransfer, CarriesAMebibyteBothWaysAtOnce) {
  run(exchange(memory_ends(), kMebibyte));
}

TEST_P(TlsTransfer, CarriesAMebibyteBothWaysThroughOneBytePieces) {
  run(exchange(memory_ends(1, 2048), kMebibyte));
}

TEST_P(TlsTransfer, CarriesEverythingThroughPiecesOfAnySmallSize) {
  for (std::size_t largest_read = 2; largest_read < 48; ++largest_read) {
    run(exchange(memory_ends(largest_read), 20000));
  }
}

TEST_P(TlsTransfer, CarriesEverythingThroughANarrowPipe) {
  for (const std::size_t capacity : {1500, 4096, 16384}) {
    run(exchange(memory_ends(capacity, capacity), 100000));
  }
}

TEST_P(TlsTransfer, GivesReadersOfAnySizeTheSameBytes) {
  const auto body = [&]() -> Task<> {
    const TlsEnds ends = co_await shake_hands(memory_ends(), client(), server_of_version());
    const std::string text = sample(3000);
    for (const std::size_t size : {1, 2, 7, 999, 3000}) {
      co_await ends.client->write(text);
      std::string got;
      while (got.size() < text.size()) {
        got += co_await read_some(*ends.server, std::min(size, text.size() - got.size()));
      }
      EXPECT_EQ(got, text) << size;
    }
  };
  run(body());
}

TEST_P(TlsTransfer, JoinsTheTwoPartsOfAWrite) {
  const auto body = [&]() -> Task<> {
    const TlsEnds ends = co_await shake_hands(memory_ends(), client(), server_of_version());
    const std::string large = sample(40000);
    const std::string small = "head\r\n";
    co_await ends.client->write(small, large);
    EXPECT_EQ(co_await read_exactly(*ends.server, small.size() + large.size()), small + large);
    co_await ends.client->write(large, small);
    EXPECT_EQ(co_await read_exactly(*ends.server, small.size() + large.size()), large + small);
    co_await ends.client->write({}, small);
    EXPECT_EQ(co_await read_exactly(*ends.server, small.size()), small);
  };
  run(body());
}

TEST_P(TlsTransfer, SendsBothPartsInOneRecordAndOneWrite) {
  Traffic traffic;
  const auto body = [&]() -> Task<> {
    LowerEnds lower = memory_ends();
    lower.client = std::make_unique<FilterStream>(std::move(lower.client), Meddling{}, traffic);
    const TlsEnds ends = co_await shake_hands(std::move(lower), client(), server_of_version());
    traffic.writes.clear();
    co_await ends.client->write("head\r\n", "body");
    // A record adds its header, a tag, and with TLS 1.3 its type (RFC 8446 §5.2) or with TLS 1.2 a
    // nonce.
    EXPECT_EQ(traffic.writes.size(), 1U);
    EXPECT_LE(traffic.writes.at(0), 10U + 5 + 16 + 8);
    EXPECT_EQ(co_await read_exactly(*ends.server, 10), "head\r\nbody");
  };
  run(body());
}

TEST_P(TlsTransfer, SendsLargeWritesInFewPieces) {
  Traffic traffic;
  const auto body = [&]() -> Task<> {
    LowerEnds lower = memory_ends();
    lower.client = std::make_unique<FilterStream>(std::move(lower.client), Meddling{}, traffic);
    const TlsEnds ends = co_await shake_hands(std::move(lower), client(), server_of_version());
    traffic.writes.clear();
    co_await gather(send(*ends.client, sample(kMebibyte)), read_exactly(*ends.server, kMebibyte));
    EXPECT_LE(traffic.writes.size(), 16U);
  };
  run(body());
}

TEST_P(TlsTransfer, TakesARecordInOneRead) {
  Traffic traffic;
  const auto body = [&]() -> Task<> {
    LowerEnds lower = memory_ends();
    lower.client = std::make_unique<FilterStream>(std::move(lower.client), Meddling{}, traffic);
    const TlsEnds ends = co_await shake_hands(std::move(lower), client(), server_of_version());
    co_await ends.server->write("x");
    EXPECT_EQ(co_await read_exactly(*ends.client, 1), "x");
    traffic.reads = 0;
    co_await ends.server->write(sample(16384));
    EXPECT_EQ(co_await read_exactly(*ends.client, 16384), sample(16384));
    EXPECT_EQ(traffic.reads, 1U);
  };
  run(body());
}

TEST_P(TlsTransfer, WritesNothingAtAll) {
  const auto body = [&]() -> Task<> {
    const TlsEnds ends = co_await shake_hands(memory_ends(), client(), server_of_version());
    co_await ends.client->write({});
    co_await ends.client->write("x");
    EXPECT_EQ(co_await read_some(*ends.server), "x");
  };
  run(body());
}

TEST_P(TlsTransfer, RefusesASecondReadWhileOneIsUnderWay) {
  const auto second_read = [](net::ByteStream& stream) -> Task<int> {
    try {
      co_await read_some(stream);
    } catch (const OsError& error) {
      co_return error.code();
    }
    co_return 0;
  };
  const auto body = [&]() -> Task<> {
    const TlsEnds ends = co_await shake_hands(memory_ends(), client(), server_of_version());
    auto results = co_await gather(read_exactly(*ends.client, 1), second_read(*ends.client),
                                   send(*ends.server, "x"));
    EXPECT_EQ(std::get<0>(results), "x");
    EXPECT_EQ(std::get<1>(results), EBUSY);
  };
  run(body());
}

TEST_P(TlsTransfer, ReportsAFailureOfTheLowerStreamAsItIs) {
  const auto body = [&]() -> Task<> {
    TlsEnds ends = co_await shake_hands(memory_ends(), client(), server_of_version());
    co_await ends.client->write("never read");
    ends.server.reset();
    try {
      co_await read_to_end(*ends.client);
      ADD_FAILURE() << "no error";
    } catch (const OsError& error) {
      EXPECT_EQ(error.code(), ECONNRESET);
    }
    try {
      co_await ends.client->write("more");
      ADD_FAILURE() << "no error";
    } catch (const OsError& error) {
      EXPECT_EQ(error.code(), EPIPE);
    }
  };
  run(body());
}

RONDO_TLS_ON_EACH_VERSION(TlsTransfer);

}  // namespace
}  // namespace rondo::tls
