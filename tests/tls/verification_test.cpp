// Whose certificate is accepted, and what is said of one that is not.

#include <gtest/gtest.h>

#include "rondo/runtime/gather.hpp"
#include "rondo/tls/tls_context_state.hpp"

#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

using ::testing::Test;
using Reason = TlsError::Reason;

class TlsVerification : public TlsFixture {
 protected:
  /// What is said when a server with `identity` is met.
  static std::string complaint(Reason reason, const test::IdentityFiles& identity,
                               std::string host = "localhost") {
    const std::string prefix = "TLS handshake with " + host + ":443 failed: ";
    const std::string words = client_error(reason, client(), server(identity), std::move(host));
    EXPECT_EQ(words.substr(0, prefix.size()), prefix);
    return words.substr(std::min(prefix.size(), words.size()));
  }

  static void expect_accepted(const SharedContext& client, const SharedContext& server,
                              std::string host = "localhost") {
    EXPECT_NO_THROW(run(shake_hands(memory_ends(), client, server, host))) << host;
  }
};

TEST_F(TlsVerification, AcceptsTheHostNameInAnyCase) {
  expect_accepted(client(), server(), "LocalHost");
}

class TlsVerificationOnce : public TlsVerification,
                            public ::testing::WithParamInterface<TlsVersion> {};
RONDO_TLS_ON_EACH_VERSION(TlsVerificationOnce);

TEST_P(TlsVerificationOnce, VerifiesAServerOnceForEachName) {
  TlsOptions options = only(GetParam());
  options.session_tickets = false;
  const SharedContext shared = client(options);
  const SharedContext to = server(options);
  const detail::VerifiedChains& verified = shared->state().verified;
  for (int i = 0; i < 2; ++i) expect_accepted(shared, to);
  EXPECT_EQ(verified.size(), 1U);
  expect_accepted(shared, to, "127.0.0.1");
  EXPECT_EQ(verified.size(), 2U);
  client_error(Reason::hostname_mismatch, shared, to, "b.example");
  client_error(Reason::unknown_issuer, shared, server(certificates().unknown_issuer()));
  EXPECT_EQ(verified.size(), 2U);
}

TEST_F(TlsVerification, AcceptsAFullyQualifiedName) {
  expect_accepted(client(), server(), "localhost.");
}

TEST_F(TlsVerification, AcceptsAddressesThatTheCertificateNames) {
  for (const char* address : {"127.0.0.1", "::1", "[::1]", "0:0:0:0:0:0:0:1"}) {
    expect_accepted(client(), server(), address);
  }
}

TEST_F(TlsVerification, AcceptsAWildcardForOneLabel) {
  const auto identity = certificates().issue({.common_name = "wild", .names = {"*.a.example"}});
  expect_accepted(client(), server(identity), "www.a.example");
  for (const char* other : {"a.example", "x.y.a.example"}) {
    EXPECT_EQ(complaint(Reason::hostname_mismatch, identity, other),
              "hostname mismatch: certificate is for *.a.example, wanted " + std::string(other));
  }
}

TEST_F(TlsVerification, DoesNotTakeAWildcardForAPartOfALabel) {
  const auto identity = certificates().issue({.common_name = "wild", .names = {"b*.a.example"}});
  EXPECT_EQ(complaint(Reason::hostname_mismatch, identity, "bcd.a.example"),
            "hostname mismatch: certificate is for b*.a.example, wanted bcd.a.example");
}

TEST_F(TlsVerification, TellsWhomTheCertificateIsFor) {
  EXPECT_EQ(complaint(Reason::hostname_mismatch, certificates().wrong_host(), "b.example"),
            "hostname mismatch: certificate is for a.example, wanted b.example");
}

TEST_F(TlsVerification, TellsWhichAddressTheCertificateLacks) {
  EXPECT_EQ(complaint(Reason::hostname_mismatch, certificates().good(), "127.0.0.2"),
            "hostname mismatch: certificate is for localhost, 127.0.0.1, ::1, wanted 127.0.0.2");
}

TEST_F(TlsVerification, ShortensALongListOfNames) {
  const auto identity = certificates().issue(
      {.common_name = "many", .names = {"a.x", "b.x", "c.x", "d.x", "e.x", "f.x", "g.x", "h.x"}});
  EXPECT_EQ(complaint(Reason::hostname_mismatch, identity),
            "hostname mismatch: certificate is for a.x, b.x, c.x, d.x, e.x, f.x and 2 more, wanted "
            "localhost");
}

TEST_F(TlsVerification, DoesNotLookAtTheCommonName) {
  EXPECT_EQ(complaint(Reason::hostname_mismatch, certificates().nameless()),
            "hostname mismatch: certificate is for no host at all (CN=localhost), wanted "
            "localhost");
}

TEST_F(TlsVerification, TellsWhenTheCertificateExpired) {
  const std::string words = complaint(Reason::certificate_expired, certificates().expired());
  const std::string front = "certificate verify failed: certificate has expired on 20";
  EXPECT_EQ(words.substr(0, front.size()), front);
  EXPECT_NE(words.find(" UTC (leaf: CN=localhost)"), std::string::npos) << words;
}

TEST_F(TlsVerification, TellsWhenTheCertificateWillBeValid) {
  const std::string words =
      complaint(Reason::certificate_not_yet_valid, certificates().not_yet_valid());
  const std::string front = "certificate verify failed: certificate is not valid before 20";
  EXPECT_EQ(words.substr(0, front.size()), front);
}

TEST_F(TlsVerification, TellsWhichIssuerIsUnknown) {
  EXPECT_EQ(complaint(Reason::unknown_issuer, certificates().unknown_issuer()),
            "certificate verify failed: unknown issuer, CN=Nobody's root (unable to get local "
            "issuer certificate) (leaf: CN=localhost)");
}

TEST_F(TlsVerification, RefusesASelfSignedCertificate) {
  EXPECT_EQ(complaint(Reason::unknown_issuer, certificates().self_signed()),
            "certificate verify failed: unknown issuer, CN=localhost (self-signed certificate) "
            "(leaf: CN=localhost)");
}

TEST_F(TlsVerification, FollowsAChainThroughAnIntermediate) {
  expect_accepted(client(), server(certificates().with_intermediate()));
}

TEST_F(TlsVerification, MissesAnIntermediateThatTheServerDoesNotSend) {
  const std::string words =
      complaint(Reason::unknown_issuer, certificates().without_its_intermediate());
  EXPECT_NE(words.find("unknown issuer, CN=Rondo test intermediate"), std::string::npos) << words;
}

TEST_F(TlsVerification, DoesNotTrustTheTestRootByDefault) {
  EXPECT_NE(client_error(Reason::unknown_issuer, TlsContext::client(), server()).find("CN=Rondo"),
            std::string::npos);
}

TEST_F(TlsVerification, TrustsTheRootsOfADirectory) {
  const auto trusting = TlsContext::client({.ca_directory = certificates().ca_directory()});
  expect_accepted(trusting, server());
}

TEST_F(TlsVerification, AcceptsAnythingWhenInsecure) {
  const auto careless = TlsContext::client({.insecure = true});
  for (const auto& identity :
       {certificates().expired(), certificates().wrong_host(), certificates().unknown_issuer()}) {
    expect_accepted(careless, server(identity));
  }
}

TEST_F(TlsVerification, RefusesACertificateForAnotherUse) {
  const auto identity = certificates().issue(
      {.common_name = "localhost", .names = {"localhost"}, .extended_key_usage = "clientAuth"});
  const std::string words = complaint(Reason::certificate_invalid, identity);
  EXPECT_NE(words.find("certificate purpose (leaf: CN=localhost)"), std::string::npos) << words;
}

TEST_F(TlsVerification, RefusesAWeakKey) {
  const auto identity =
      certificates().issue({.common_name = "localhost", .names = {"localhost"}, .rsa_bits = 1024});
  // A server of the same strictness would not load it.
  const auto weak = server(identity, {.ciphers = "DEFAULT:@SECLEVEL=0"});
  const std::string words = client_error(Reason::certificate_invalid, client(), weak);
  EXPECT_NE(words.find("EE certificate key too weak (leaf: CN=localhost)"), std::string::npos)
      << words;
}

TEST_F(TlsVerification, ObeysNameConstraints) {
  const std::string constraints = "permitted;DNS:.a.example";
  const auto within = certificates().constrained(
      constraints, {.common_name = "within", .names = {"www.a.example"}});
  expect_accepted(client(), server(within), "www.a.example");
  const auto beyond =
      certificates().constrained(constraints, {.common_name = "beyond", .names = {"b.example"}});
  const std::string words = complaint(Reason::certificate_invalid, beyond, "b.example");
  EXPECT_NE(words.find("permitted subtree violation"), std::string::npos) << words;
}

TEST_F(TlsVerification, DoesNotTakeAnAddressForAName) {
  const auto identity =
      certificates().issue({.common_name = "address", .names = {"*.0.0.1", "127.0.0.1"}});
  expect_accepted(client(), server(identity), "127.0.0.1");
  EXPECT_EQ(complaint(Reason::hostname_mismatch, identity, "10.0.0.1"),
            "hostname mismatch: certificate is for *.0.0.1, 127.0.0.1, wanted 10.0.0.1");
}

TEST_F(TlsVerification, TellsTheServerWhatIsWrong) {
  const auto body = [&]() -> Task<std::string> {
    LowerEnds lower = memory_ends();
    auto connecting = TlsStream::connect(std::move(lower.client), client(), "b.example", 443);
    auto accepting =
        tls_error(Reason::refused, TlsStream::accept(std::move(lower.server), server()));
    auto outcomes = co_await gather(return_exceptions, std::move(connecting), std::move(accepting));
    co_return std::get<1>(outcomes).value();
  };
  const std::string words = run(body());
  EXPECT_EQ(words,
            "TLS handshake with memory failed: the peer refused with alert 42, bad "
            "certificate");
}

TEST_F(TlsVerification, RefusesHostsThatNoCertificateCanBeFor) {
  const auto refused = [&](std::string host) -> Task<std::string> {
    LowerEnds lower = memory_ends();
    co_return co_await tls_error(
        Reason::configuration,
        TlsStream::connect(std::move(lower.client), client(), std::move(host), 443));
  };
  for (const std::string& host : {std::string(), std::string("a\0b", 3), std::string(300, 'a')}) {
    EXPECT_NE(run(refused(host)), "");
  }
}

class TlsClientCertificate : public TlsVerification {
 protected:
  static TlsOptions demanding(TlsVersion version) {
    TlsOptions options = only(version);
    options.ca_file = certificates().ca_file();
    return options;
  }

  static SharedContext client_with(const test::IdentityFiles& identity) {
    return client({.certificate_file = identity.certificate_file, .key_file = identity.key_file});
  }

  static Task<std::string> greeted(SharedContext client, SharedContext server) {
    TlsEnds ends = co_await shake_hands(memory_ends(), std::move(client), std::move(server));
    co_return ends.server->info().peer_certificate()->subject;
  }
};

TEST_F(TlsClientCertificate, IsShownToAServerThatAsks) {
  const auto identity = certificates().client();
  for (const TlsVersion version : {TlsVersion::tls_1_2, TlsVersion::tls_1_3}) {
    EXPECT_EQ(run(greeted(client_with(identity), server(demanding(version)))), "CN=client");
  }
}

TEST_F(TlsClientCertificate, IsMissedByTheServer) {
  const auto words =
      client_error(Reason::refused, client(), server(demanding(TlsVersion::tls_1_2)));
  EXPECT_NE(words.find("the peer refused with alert 40, handshake failure"), std::string::npos)
      << words;
}

/// With TLS 1.3 the client is done before the server has seen its certificate.
TEST_F(TlsClientCertificate, IsMissedByTheServerAtTheFirstRead) {
  const auto body = [&]() -> Task<std::string> {
    LowerEnds lower = memory_ends();
    auto connecting = TlsStream::connect(std::move(lower.client), client(), "localhost", 443);
    auto accepting =
        TlsStream::accept(std::move(lower.server), server(demanding(TlsVersion::tls_1_3)));
    auto outcomes = co_await gather(return_exceptions, std::move(connecting), std::move(accepting));
    EXPECT_FALSE(std::get<1>(outcomes).ok());
    auto stream = std::move(std::get<0>(outcomes)).value();
    co_return co_await tls_error(Reason::refused, read_some(*stream));
  };
  EXPECT_EQ(run(body()),
            "TLS connection with localhost:443 failed: the peer refused with alert 116, "
            "certificate required");
}

TEST_F(TlsClientCertificate, IsRefusedFromAnUnknownIssuer) {
  const auto words = client_error(Reason::refused, client_with(certificates().unknown_issuer()),
                                  server(demanding(TlsVersion::tls_1_2)));
  EXPECT_NE(words.find("alert 48, unknown ca"), std::string::npos) << words;
}

}  // namespace
}  // namespace rondo::tls
