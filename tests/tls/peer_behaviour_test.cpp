// What a peer may do in the middle of a connection.

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <stdexcept>

#include "rondo/runtime/gather.hpp"

#include "tests/tls/openssl_peer.hpp"
#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

using Reason = TlsError::Reason;

class TlsPeer : public TlsFixture {
 protected:
  struct Met {
    std::unique_ptr<TlsStream> stream;
    std::unique_ptr<OpensslPeer> peer;

    Met(std::unique_ptr<TlsStream> ours, std::unique_ptr<OpensslPeer> theirs)
        : stream(std::move(ours)), peer(std::move(theirs)) {}
  };

  /// A client of ours and a server that is OpenSSL itself.
  static Task<Met> meet_server(int version) {
    static const test::IdentityFiles identity = certificates().good();
    LowerEnds lower = memory_ends();
    auto peer = std::make_unique<OpensslPeer>(
        OpensslPeer::server(std::move(lower.server), identity, version));
    auto connecting = TlsStream::connect(std::move(lower.client), client(), "localhost", 443);
    auto both = co_await gather(std::move(connecting), peer->handshake());
    co_return Met(std::move(std::get<0>(both)), std::move(peer));
  }

  static Task<Met> meet_client(int version) {
    LowerEnds lower = memory_ends();
    auto peer =
        std::make_unique<OpensslPeer>(OpensslPeer::client(std::move(lower.client), version));
    auto accepting = TlsStream::accept(std::move(lower.server), server());
    auto both = co_await gather(std::move(accepting), peer->handshake());
    co_return Met(std::move(std::get<0>(both)), std::move(peer));
  }

  static Task<> update_keys(OpensslPeer& peer) {
    SSL_key_update(peer.native(), SSL_KEY_UPDATE_REQUESTED);
    co_await peer.handshake();
  }

  static Task<> send(net::ByteStream& stream, std::string bytes) { co_await stream.write(bytes); }
};

TEST_F(TlsPeer, MayChangeItsKeysAndAskForOurs) {
  const auto body = [&]() -> Task<> {
    const Met met = co_await meet_server(TLS1_3_VERSION);
    for (int i = 0; i < 3; ++i) {
      co_await update_keys(*met.peer);
      co_await met.peer->write("with new keys");
      EXPECT_EQ(co_await read_exactly(*met.stream, 13), "with new keys");
      co_await met.stream->write("likewise");
      EXPECT_EQ(co_await met.peer->read_exactly(8), "likewise");
    }
  };
  run(body());
}

TEST_F(TlsPeer, MayChangeItsKeysWhileBothSidesWrite) {
  const auto body = [&]() -> Task<> {
    const Met met = co_await meet_server(TLS1_3_VERSION);
    const std::string text = sample(500000);
    const auto talk = [](OpensslPeer& peer) -> Task<std::string> {
      std::string got;
      for (int i = 0; i < 10; ++i) {
        co_await update_keys(peer);
        co_await peer.write("answer");
        got += co_await peer.read_exactly(50000);
      }
      co_return got;
    };
    auto results =
        co_await gather(talk(*met.peer), send(*met.stream, text), read_exactly(*met.stream, 60));
    EXPECT_EQ(std::get<0>(results), text);
    EXPECT_EQ(std::get<2>(results).substr(54), "answer");
  };
  run(body());
}

TEST_F(TlsPeer, MayChangeItsKeysOnAnIdleConnection) {
  const auto body = [&]() -> Task<> {
    const Met met = co_await meet_server(TLS1_3_VERSION);
    co_await update_keys(*met.peer);
    EXPECT_TRUE(met.stream->is_quiet());
    co_await met.stream->write("next");
    EXPECT_EQ(co_await met.peer->read_exactly(4), "next");
  };
  run(body());
}

TEST_F(TlsPeer, MaySendTicketsAtAnyTime) {
  const auto body = [&]() -> Task<> {
    const Met met = co_await meet_server(TLS1_3_VERSION);
    for (int i = 0; i < 20; ++i) {
      SSL_new_session_ticket(met.peer->native());
      co_await met.peer->handshake();
      if (i % 3 == 0) {
        EXPECT_TRUE(met.stream->is_quiet());
      }
    }
    EXPECT_TRUE(met.stream->is_quiet());
    co_await met.peer->write("data");
    EXPECT_FALSE(met.stream->is_quiet());
    EXPECT_EQ(co_await read_some(*met.stream), "data");
  };
  run(body());
}

TEST_F(TlsPeer, MaySendManySmallRecords) {
  const auto body = [&]() -> Task<> {
    const Met met = co_await meet_server(TLS1_3_VERSION);
    const std::string text = sample(500);
    for (const char c : text) {
      std::string one(1, c);
      co_await met.peer->write(std::move(one));
    }
    EXPECT_EQ(co_await read_some(*met.stream), text);
  };
  run(body());
}

TEST_F(TlsPeer, CannotRenegotiateAsAServer) {
  const auto body = [&]() -> Task<> {
    const Met met = co_await meet_server(TLS1_2_VERSION);
    const auto renegotiate = [](OpensslPeer& peer) -> Task<std::string> {
      SSL_renegotiate(peer.native());
      co_await peer.handshake();
      try {
        co_await peer.read_exactly(1);
      } catch (const std::runtime_error& error) {
        co_return error.what();
      }
      co_return "";
    };
    auto results =
        co_await gather(renegotiate(*met.peer), tls_error(Reason::refused, read_some(*met.stream)));
    EXPECT_EQ(std::get<0>(results), "no renegotiation");
    EXPECT_NE(std::get<1>(results).find("alert 40, handshake failure"), std::string::npos);
  };
  run(body());
}

TEST_F(TlsPeer, CannotRenegotiateAsAClient) {
  const auto body = [&]() -> Task<> {
    const Met met = co_await meet_client(TLS1_2_VERSION);
    const auto renegotiate = [](OpensslPeer& peer) -> Task<std::string> {
      SSL_renegotiate(peer.native());
      try {
        co_await peer.handshake();
      } catch (const std::runtime_error& error) {
        co_return error.what();
      }
      co_return "";
    };
    auto results =
        co_await gather(renegotiate(*met.peer), tls_error(Reason::refused, read_some(*met.stream)));
    EXPECT_EQ(std::get<0>(results), "no renegotiation");
  };
  run(body());
}

TEST_F(TlsPeer, IsToldTheHostNameButNoAddress) {
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    static const test::IdentityFiles identity = certificates().good();
    const auto body = [&]() -> Task<std::string> {
      LowerEnds lower = memory_ends();
      OpensslPeer peer = OpensslPeer::server(std::move(lower.server), identity, TLS1_3_VERSION);
      auto connecting = TlsStream::connect(std::move(lower.client), client(), host, 443);
      co_await gather(std::move(connecting), peer.handshake());
      const char* name = SSL_get_servername(peer.native(), TLSEXT_NAMETYPE_host_name);
      co_return name != nullptr ? name : "no name";
    };
    EXPECT_EQ(run(body()), host == "localhost" ? "localhost" : "no name");
  }
}

}  // namespace
}  // namespace rondo::tls
