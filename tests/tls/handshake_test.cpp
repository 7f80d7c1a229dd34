// What client and server agree on.

#include <gtest/gtest.h>

#include "rondo/runtime/gather.hpp"

#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

class TlsHandshake : public TlsFixture {
 protected:
  struct Infos {
    TlsInfo client;
    TlsInfo server;
  };

  /// Shakes hands, lets the server say a word (with TLS 1.3 its tickets come before that), and ends
  /// in good order.
  static Task<Infos> talk(SharedContext client, SharedContext server, std::string host) {
    TlsEnds ends =
        co_await shake_hands(memory_ends(), std::move(client), std::move(server), std::move(host));
    co_await ends.server->write("hello");
    EXPECT_EQ(co_await read_exactly(*ends.client, 5), "hello");
    co_return Infos{ends.client->info(), ends.server->info()};
  }

  static Infos meet(const SharedContext& client, const SharedContext& server,
                    std::string host = "localhost") {
    return run(talk(client, server, std::move(host)));
  }
};

TEST_F(TlsHandshake, AgreesOnTheHighestVersion) {
  const Infos infos = meet(client(), server());
  EXPECT_EQ(infos.client.version, "TLSv1.3");
  EXPECT_EQ(infos.server.version, "TLSv1.3");
  EXPECT_EQ(infos.client.cipher, infos.server.cipher);
  EXPECT_FALSE(infos.client.cipher.empty());
}

TEST_F(TlsHandshake, StaysWithinTheVersionsOfEitherSide) {
  EXPECT_EQ(meet(client(), server(only(TlsVersion::tls_1_2))).client.version, "TLSv1.2");
  EXPECT_EQ(meet(client(only(TlsVersion::tls_1_2)), server()).client.version, "TLSv1.2");
}

TEST_F(TlsHandshake, FailsWithoutACommonVersion) {
  const auto old = only(TlsVersion::tls_1_2);
  const auto recent = only(TlsVersion::tls_1_3);
  EXPECT_EQ(client_error(TlsError::Reason::refused, client(old), server(recent)),
            "TLS handshake with localhost:443 failed: the peer refused with alert 70, protocol "
            "version");
}

TEST_F(TlsHandshake, UsesTheCipherThatWasAskedFor) {
  TlsOptions options = only(TlsVersion::tls_1_2);
  options.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305";
  EXPECT_EQ(meet(client(options), server()).client.cipher, "ECDHE-ECDSA-CHACHA20-POLY1305");
  const TlsOptions newer{.ciphersuites = "TLS_CHACHA20_POLY1305_SHA256"};
  EXPECT_EQ(meet(client(newer), server()).client.cipher, "TLS_CHACHA20_POLY1305_SHA256");
}

TEST_F(TlsHandshake, DescribesThePeersCertificate) {
  const Infos infos = meet(client(), server());
  const TlsCertificate certificate = infos.client.peer_certificate().value();
  EXPECT_EQ(certificate.subject, "CN=localhost");
  EXPECT_EQ(certificate.issuer, "CN=Rondo test root");
  EXPECT_EQ(certificate.names, (std::vector<std::string>{"localhost", "127.0.0.1", "::1"}));
  EXPECT_LT(certificate.not_before, certificate.not_after);
  EXPECT_EQ(certificate.not_after.size(), std::string_view("2030-01-31 23:59:59 UTC").size());
  EXPECT_FALSE(infos.server.peer_certificate());
}

TEST_F(TlsHandshake, ShowsNoControlCharactersOfACertificate) {
  const auto hostile = certificates().issue(
      {.common_name = "\x1b[31mred\n", .names = {"localhost", "a\x1b[2Jb.example"}});
  const Infos infos = meet(client(), server(hostile));
  EXPECT_EQ(infos.client.peer_certificate()->subject, "CN=\\1B[31mred\\0A");
  EXPECT_EQ(infos.client.peer_certificate()->names[1], "a?[2Jb.example");
}

TEST_F(TlsHandshake, AgreesOnTheProtocolTheServerPrefers) {
  const auto offering = client({.alpn = {"http/1.1", "h2"}});
  const Infos infos = meet(offering, server({.alpn = {"h2", "http/1.1"}}));
  EXPECT_EQ(infos.client.alpn, "h2");
  EXPECT_EQ(infos.server.alpn, "h2");
}

TEST_F(TlsHandshake, GoesOnWithoutAProtocolWhenOneSideHasNone) {
  EXPECT_EQ(meet(client({.alpn = {"h2"}}), server()).client.alpn, "");
  EXPECT_EQ(meet(client(), server({.alpn = {"h2"}})).client.alpn, "");
}

TEST_F(TlsHandshake, FailsWithoutACommonProtocol) {
  const auto words = client_error(TlsError::Reason::refused, client({.alpn = {"h2"}}),
                                  server({.alpn = {"http/1.1"}}));
  EXPECT_NE(words.find("alert 120, no application protocol"), std::string::npos) << words;
}

TEST_F(TlsHandshake, OffersTheProtocolsOfOneConnectionInsteadOfTheContexts) {
  const auto offering = client({.alpn = {"h2"}});
  const auto answering = server({.alpn = {"h2", "http/1.1"}});
  const auto body = [&]() -> Task<> {
    LowerEnds lower = memory_ends();
    std::vector<std::string> alpn{"http/1.1"};
    auto connecting =
        TlsStream::connect(std::move(lower.client), offering, "localhost", 443, std::move(alpn));
    auto accepting = TlsStream::accept(std::move(lower.server), answering);
    auto ends = co_await gather(std::move(connecting), std::move(accepting));
    EXPECT_EQ(std::get<0>(ends)->alpn(), "http/1.1");
  };
  run(body());
}

class TlsResumption : public TlsHandshake, public ::testing::WithParamInterface<TlsVersion> {};

TEST_P(TlsResumption, ResumesTheSessionOfTheSameHost) {
  const auto connecting = client(only(GetParam()));
  const auto accepting = server();
  EXPECT_FALSE(meet(connecting, accepting).client.resumed);
  for (int i = 0; i < 5; ++i) {
    const Infos again = meet(connecting, accepting);
    EXPECT_TRUE(again.client.resumed) << i;
    EXPECT_TRUE(again.server.resumed) << i;
    EXPECT_EQ(again.client.peer_certificate()->subject, "CN=localhost");
  }
}

TEST_P(TlsResumption, DoesNotCarryASessionOverToAnotherHost) {
  const auto connecting = client(only(GetParam()));
  const auto accepting = server();
  EXPECT_FALSE(meet(connecting, accepting, "localhost").client.resumed);
  EXPECT_FALSE(meet(connecting, accepting, "127.0.0.1").client.resumed);
}

TEST_P(TlsResumption, DoesNotCarryASessionOverToAnotherContext) {
  const auto accepting = server();
  EXPECT_FALSE(meet(client(only(GetParam())), accepting).client.resumed);
  EXPECT_FALSE(meet(client(only(GetParam())), accepting).client.resumed);
}

TEST_P(TlsResumption, ShakesHandsInFullWithAServerThatHasForgotten) {
  const auto connecting = client(only(GetParam()));
  EXPECT_FALSE(meet(connecting, server()).client.resumed);
  EXPECT_FALSE(meet(connecting, server()).client.resumed);
}

TEST_P(TlsResumption, IsOfferedNowAndThenToAServerThatAlwaysForgets) {
  const auto connecting = client(only(GetParam()));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(meet(connecting, server()).client.resumed) << i;
  const auto remembering = server();
  int in_full = 0;
  while (in_full < 32 && !meet(connecting, remembering).client.resumed) ++in_full;
  EXPECT_EQ(in_full, 15);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(meet(connecting, remembering).client.resumed) << i;
}

TEST_P(TlsResumption, CanBeSwitchedOff) {
  TlsOptions options = only(GetParam());
  options.session_cache_size = 0;
  const auto connecting = client(options);
  const auto accepting = server();
  EXPECT_FALSE(meet(connecting, accepting).client.resumed);
  EXPECT_FALSE(meet(connecting, accepting).client.resumed);
}

RONDO_TLS_ON_EACH_VERSION(TlsResumption);

}  // namespace
}  // namespace rondo::tls
