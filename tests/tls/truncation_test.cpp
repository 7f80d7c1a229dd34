// Connections that end too early, and bytes that are not what was sent.

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>

#include "rondo/base/error.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/scripted_stream.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/tls/filter_stream.hpp"
#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

using Reason = TlsError::Reason;

constexpr std::string_view kText = "all of it";

class TlsTruncation : public TlsFixture, public ::testing::WithParamInterface<TlsVersion> {
 protected:
  /// Sends a text and ends in good order.
  static Task<> serve(Lower lower, SharedContext context) {
    auto stream = co_await TlsStream::accept(std::move(lower), std::move(context));
    co_await stream->write(kText);
    co_await stream->shut_down();
  }

  static Task<std::string> fetch(Lower lower, SharedContext context) {
    auto stream =
        co_await TlsStream::connect(std::move(lower), std::move(context), "localhost", 443);
    co_return co_await read_to_end(*stream);
  }

  /// What the client makes of an exchange in which it reads `meddling`.
  static Outcome<std::string> meddled(const Meddling& meddling, Traffic& traffic) {
    static const SharedContext connecting = client({.session_cache_size = 0});
    const SharedContext accepting = server_of(GetParam());
    LowerEnds lower = memory_ends();
    lower.client = std::make_unique<FilterStream>(std::move(lower.client), meddling, traffic);
    testing::VirtualTime time;
    auto both = gather(return_exceptions,
                       timeout(std::chrono::seconds(1), fetch(std::move(lower.client), connecting)),
                       serve(std::move(lower.server), accepting));
    return std::get<0>(run(std::move(both), {.time = &time}));
  }

  static SharedContext server_of(TlsVersion version) {
    static const SharedContext older = server(only(TlsVersion::tls_1_2));
    static const SharedContext newer = server(only(TlsVersion::tls_1_3));
    return version == TlsVersion::tls_1_2 ? older : newer;
  }

  static std::size_t size_of_exchange() {
    Traffic traffic;
    EXPECT_EQ(meddled({}, traffic).value(), kText);
    return traffic.bytes_read;
  }

  /// Exchanges differ in size: signatures by a few bytes, and the two tickets of TLS 1.3 by a block
  /// of their cipher each.
  static constexpr std::size_t kSpread = 48;

  static const TlsError* tls_error_of(const Outcome<std::string>& outcome) {
    try {
      if (outcome.error()) std::rethrow_exception(outcome.error());
    } catch (const TlsError& error) {
      return &error;
    } catch (...) {
      return nullptr;
    }
    return nullptr;
  }
};

TEST_P(TlsTruncation, IsAnErrorAtEveryByte) {
  const std::size_t size = size_of_exchange();
  ASSERT_GT(size, 500U);
  for (std::size_t cut = 0; cut < size - kSpread; ++cut) {
    Traffic traffic;
    const Outcome<std::string> outcome = meddled({.ends_after = cut}, traffic);
    const TlsError* error = tls_error_of(outcome);
    ASSERT_NE(error, nullptr) << "after " << cut << " of " << size;
    ASSERT_EQ(static_cast<int>(error->reason()), static_cast<int>(Reason::truncated))
        << error->what();
  }
}

TEST_P(TlsTruncation, SaysWhetherTheHandshakeWasOver) {
  Traffic traffic;
  const auto early = meddled({.ends_after = 100}, traffic);
  EXPECT_STREQ(tls_error_of(early)->what(),
               "TLS handshake with localhost:443 failed: the connection ended in the middle of it");
  Traffic more;
  const auto late = meddled({.ends_after = size_of_exchange() - kSpread}, more);
  EXPECT_STREQ(tls_error_of(late)->what(),
               "TLS connection with localhost:443 failed: the connection ended without "
               "close_notify: data may be missing");
}

TEST_P(TlsTruncation, IsReportedBehindTheDataThatCame) {
  const auto body = [&]() -> Task<> {
    TlsEnds ends = co_await shake_hands(memory_ends(), client(), server_of(GetParam()));
    co_await ends.server->write(kText);
    ends.server.reset();
    EXPECT_EQ(co_await read_some(*ends.client), kText);
    const std::string words = co_await tls_error(Reason::truncated, read_some(*ends.client));
    EXPECT_EQ(co_await tls_error(Reason::truncated, read_some(*ends.client)), words);
  };
  run(body());
}

/// Few bytes of a handshake do not matter, such as the version of a record in the clear. A changed
/// length may make the client wait for more than there is.
TEST_P(TlsTruncation, IsNoticedAsIsAByteThatWasChanged) {
  const std::size_t size = size_of_exchange();
  int unnoticed = 0;
  for (std::size_t flipped = 0; flipped < size - 8; flipped += 3) {
    Traffic traffic;
    const Outcome<std::string> outcome = meddled({.flips = flipped}, traffic);
    ASSERT_TRUE(outcome.error() || outcome.value() == kText) << flipped;
    unnoticed += outcome.ok() ? 1 : 0;
  }
  EXPECT_LT(unnoticed, 20);
}

RONDO_TLS_ON_EACH_VERSION(TlsTruncation);

class TlsGarbage : public TlsFixture {
 protected:
  static Task<std::unique_ptr<TlsStream>> connect(testing::StreamScript script,
                                                  testing::StreamRecord& record) {
    static const SharedContext connecting = client();
    return TlsStream::connect(std::make_unique<testing::ScriptedStream>(std::move(script), record),
                              connecting, "localhost", 443);
  }
};

TEST_F(TlsGarbage, IsToldFromTls) {
  testing::StreamRecord record;
  EXPECT_EQ(run(tls_error(Reason::protocol,
                          connect({.pieces = {"HTTP/1.1 400 Bad Request\r\n\r\n"}}, record))),
            "TLS handshake with localhost:443 failed: the peer does not speak TLS (wrong version "
            "number)");
}

TEST_F(TlsGarbage, EndsTheHandshakeWhateverItIs) {
  std::string bytes;
  for (int i = 0; i < 400; ++i) {
    bytes = bytes.substr(0, 40) + static_cast<char>(i * 37) + static_cast<char>(i / 7);
    std::string record_like = "\x16\x03\x03\x00\x20" + bytes;
    for (const std::string& piece : {bytes, record_like}) {
      testing::StreamRecord record;
      EXPECT_THROW(run(connect({.pieces = {piece}}, record)), TlsError) << i;
    }
  }
}

TEST_F(TlsGarbage, IsAnsweredWithAnAlert) {
  testing::StreamRecord record;
  const std::string hello_with_bad_length("\x16\x03\x03\x00\x05\x02\x00\x00\x01\x00", 10);
  EXPECT_THROW(run(connect({.pieces = {hello_with_bad_length}}, record)), TlsError);
  const auto last = record.written.size() - 7;
  EXPECT_EQ(record.written.substr(last, 1), "\x15");  // a record with an alert in the clear
}

TEST_F(TlsGarbage, IsRefusedByAServerToo) {
  testing::StreamRecord record;
  const testing::StreamScript script{.pieces = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"}};
  auto accepting =
      TlsStream::accept(std::make_unique<testing::ScriptedStream>(script, record), server());
  EXPECT_EQ(run(tls_error(Reason::protocol, std::move(accepting))),
            "TLS handshake with script failed: the peer does not speak TLS (http request)");
}

TEST_F(TlsGarbage, DoesNotHideAnErrorOfTheLowerStream) {
  for (std::size_t number = 1; number <= 2; ++number) {
    testing::StreamRecord record;
    try {
      run(connect({.pieces = {}, .failing_operation = number, .failure = ECONNRESET}, record));
      ADD_FAILURE() << "no error";
    } catch (const OsError& error) {
      EXPECT_EQ(error.code(), ECONNRESET);
    }
    EXPECT_TRUE(record.was_destroyed);
  }
}

}  // namespace
}  // namespace rondo::tls
