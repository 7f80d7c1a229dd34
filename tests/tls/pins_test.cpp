// Certificates that are known beforehand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <string>
#include <utility>

#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

using ::testing::HasSubstr;
using Reason = TlsError::Reason;

class TlsPins : public TlsFixture {
 protected:
  static Task<TlsCertificate> certificate_of(SharedContext context, SharedContext peer) {
    const TlsEnds ends =
        co_await shake_hands(memory_ends(), std::move(context), std::move(peer), "localhost");
    co_return ends.client->info().peer_certificate().value();
  }

  static void expect_refused(const TlsOptions& options, const SharedContext& peer) {
    EXPECT_THAT(client_error(Reason::pin_mismatch, TlsContext::client(options), peer),
                HasSubstr("no pin is that of the certificate CN="));
  }

  static std::string complaint(const TlsOptions& options) {
    try {
      static_cast<void>(TlsContext::client(options));
    } catch (const TlsError& error) {
      EXPECT_EQ(static_cast<int>(error.reason()), static_cast<int>(Reason::configuration));
      return error.what();
    }
    return "";
  }

  static std::string with_colons(const std::string& digits) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      if (i > 0 && i % 2 == 0) text += ':';
      text += static_cast<char>(std::toupper(static_cast<unsigned char>(digits[i])));
    }
    return text;
  }
};

TEST_F(TlsPins, AcceptThePinnedCertificateAndNoOther) {
  const SharedContext pinned = server();
  const TlsCertificate known = run(certificate_of(client(), pinned));
  EXPECT_EQ(known.sha256.size(), 64U);
  for (const std::string& pin : {known.sha256, with_colons(known.sha256)}) {
    const TlsOptions options{.ca_file = certificates().ca_file(), .certificate_pins = {pin}};
    EXPECT_EQ(run(certificate_of(TlsContext::client(options), pinned)).sha256, known.sha256);
    expect_refused(options, server(certificates().good()));
  }
}

TEST_F(TlsPins, AcceptThePinnedKeyAndNoOther) {
  const SharedContext pinned = server();
  const TlsCertificate known = run(certificate_of(client(), pinned));
  EXPECT_THAT(known.public_key_pin, ::testing::StartsWith("sha256//"));
  TlsOptions options{.ca_file = certificates().ca_file(),
                     .public_key_pins = {known.public_key_pin}};
  EXPECT_EQ(run(certificate_of(TlsContext::client(options), pinned)).sha256, known.sha256);
  expect_refused(options, server(certificates().good()));
  options.public_key_pins = {known.public_key_pin.substr(8)};
  EXPECT_EQ(run(certificate_of(TlsContext::client(options), pinned)).sha256, known.sha256);
}

TEST_F(TlsPins, ComeOnTopOfTheVerificationUnlessItIsOff) {
  const SharedContext self_signed = server(certificates().self_signed());
  const TlsCertificate known =
      run(certificate_of(TlsContext::client({.insecure = true}), self_signed));
  TlsOptions options{.certificate_pins = {known.sha256}};
  EXPECT_NE(client_error(Reason::unknown_issuer, TlsContext::client(options), self_signed), "");
  options.insecure = true;
  EXPECT_EQ(run(certificate_of(TlsContext::client(options), self_signed)).sha256, known.sha256);
  expect_refused(options, server());
}

TEST_F(TlsPins, HoldForResumedSessionsToo) {
  const SharedContext first = server();
  const TlsCertificate known = run(certificate_of(client(), first));
  const auto context =
      TlsContext::client({.ca_file = certificates().ca_file(), .certificate_pins = {known.sha256}});
  const auto resumes = [&]() -> Task<bool> {
    const TlsEnds ends = co_await shake_hands(memory_ends(), context, first);
    co_await ends.server->write("x");
    static_cast<void>(co_await read_some(*ends.client));
    co_return ends.client->info().resumed;
  };
  EXPECT_FALSE(run(resumes()));
  EXPECT_TRUE(run(resumes()));
}

TEST_F(TlsPins, AreRefusedWhenNoCertificateCanHaveThem) {
  const std::string digits(64, 'a');
  for (const std::string& pin : {std::string(), digits.substr(1), digits + "a", "g" + digits}) {
    EXPECT_THAT(complaint({.certificate_pins = {pin}}), HasSubstr("64 hexadecimal digits"));
  }
  for (const std::string& pin :
       {std::string("sha256//"), std::string(43, 'A'), std::string(44, 'A'),
        "sha256//" + std::string(42, '*') + "==", std::string(45, 'A') + "="}) {
    EXPECT_THAT(complaint({.public_key_pins = {pin}}), HasSubstr("sha256//"));
  }
}

class TlsTickets : public TlsFixture {
 protected:
  static Task<bool> resumes(SharedContext client, SharedContext server) {
    for (int round = 0;; ++round) {
      const TlsEnds ends = co_await shake_hands(memory_ends(), client, server);
      co_await ends.server->write("x");
      static_cast<void>(co_await read_some(*ends.client));
      if (round == 1) co_return ends.client->info().resumed;
    }
  }
};

TEST_F(TlsTickets, CanBeSwitchedOffOnEitherSide) {
  for (const TlsVersion version : {TlsVersion::tls_1_2, TlsVersion::tls_1_3}) {
    EXPECT_TRUE(run(resumes(client(), server(only(version)))));
    TlsOptions without = only(version);
    without.session_tickets = false;
    EXPECT_FALSE(run(resumes(client({.session_tickets = false}), server(only(version)))));
    if (version == TlsVersion::tls_1_3) {
      EXPECT_FALSE(run(resumes(client(), server(without))));
    }
  }
}

}  // namespace
}  // namespace rondo::tls
