#include "rondo/proto/socks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace rondo::proto {
namespace {

using namespace std::string_literals;

// Answers in order; each is given in pieces of `piece` bytes, as far as the handshake asks for
// them. Returns what the handshake has sent, one string a step.
std::vector<std::string> play(SocksHandshake& socks, const std::string& answers,
                              std::size_t piece = 1000) {
  std::vector<std::string> sent;
  std::size_t at = 0;
  while (true) {
    if (socks.state() == SocksState::send) {
      sent.emplace_back(socks.to_send());
      socks.sent();
    } else if (socks.state() == SocksState::receive) {
      const std::size_t size = std::min({piece, socks.wanted(), answers.size() - at});
      if (size == 0) {
        socks.end_of_input();
      } else {
        socks.received(std::string_view(answers).substr(at, size));
      }
      at += size;
    } else {
      break;
    }
  }
  EXPECT_EQ(at, socks.state() == SocksState::established ? answers.size() : at);
  return sent;
}

const std::string kReply5 = "\5\0\0\1\x7f\0\0\1\x1f\x90"s;

struct Sent {
  SocksVersion version;
  SocksTarget target;
  SocksCredentials credentials;
  std::string answers;
  std::vector<std::string> sent;
};

TEST(Socks, SaysWhatTheRfcSays) {
  using V = SocksVersion;
  const Sent cases[] = {
      {V::v5,
       {"example.org", 443},
       {},
       "\5\0"s + kReply5,
       {"\5\1\0"s, "\5\1\0\3\x0b"s + "example.org\1\xbb"s}},
      {V::v5, {"192.0.2.1", 80}, {}, "\5\0"s + kReply5, {"\5\1\0"s, "\5\1\0\1\xc0\0\2\1\0\x50"s}},
      {V::v5,
       {"2001:db8::1", 80},
       {},
       "\5\0"s + kReply5,
       {"\5\1\0"s, "\5\1\0\4\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\0\x50"s}},
      {V::v5,
       {"a", 1},
       {"me", "secret"},
       "\5\2\1\0"s + kReply5,
       {"\5\2\0\2"s, "\1\2me\6secret"s, "\5\1\0\3\1a\0\1"s}},
      // The proxy may do without credentials, and may repeat the 5 where RFC 1929 has a 1.
      {V::v5, {"a", 1}, {"me", "s"}, "\5\0"s + kReply5, {"\5\2\0\2"s, "\5\1\0\3\1a\0\1"s}},
      {V::v5,
       {"a", 1},
       {"me", ""},
       "\5\2\5\0"s + kReply5,
       {"\5\2\0\2"s, "\1\2me\0"s, "\5\1\0\3\1a\0\1"s}},
      {V::v4a,
       {"example.org", 443},
       {},
       "\0\x5a\0\0\0\0\0\0"s,
       {"\4\1\1\xbb\0\0\0\1\0example.org\0"s}},
      {V::v4a,
       {"192.0.2.1", 80},
       {"fred", ""},
       "\0\x5a\0\x50\x42\x66\7\x63"s,
       {"\4\1\0\x50\xc0\0\2\1"
        "fred\0"s}},
      {V::v4a, {"::1", 80}, {}, "\0\x5a\0\0\0\0\0\0"s, {"\4\1\0\x50\0\0\0\1\0::1\0"s}},
  };
  for (const Sent& each : cases) {
    for (const std::size_t piece : {1, 2, 3, 1000}) {
      SocksHandshake socks(each.version, each.target, each.credentials);
      EXPECT_EQ(play(socks, each.answers, piece), each.sent) << each.target.host;
      EXPECT_EQ(socks.state(), SocksState::established) << each.target.host;
      EXPECT_EQ(socks.error(), SocksError::none);
    }
  }
}

TEST(Socks, ReadsOverBoundAddressesOfEveryKindAndNotOneByteMore) {
  for (const std::string& bound : {"\1\0\0\0\0\0\0"s, "\4"s + std::string(18, 'x'), "\3\0\0\0"s,
                                   "\3\5local\0\1"s, "\3\xff"s + std::string(257, 'x')}) {
    SocksHandshake socks(SocksVersion::v5, {"a", 1});
    play(socks, "\5\0\5\0\0"s + bound);
    EXPECT_EQ(socks.state(), SocksState::established);
  }
}

struct Refusal {
  SocksVersion version;
  SocksCredentials credentials;
  std::string answers;
  SocksError error;
};

TEST(Socks, TellsWhyTheProxyRefuses) {
  using E = SocksError;
  const auto v5 = SocksVersion::v5;
  const auto v4 = SocksVersion::v4a;
  const Refusal cases[] = {
      {v5, {}, "", E::closed},
      {v5, {}, "\5", E::closed},
      {v5, {}, "\5\0"s, E::closed},
      {v5, {}, "\5\0\5\0\0\1\0\0\0\0\0"s, E::closed},
      {v5, {}, "HTTP/1.1 400 Bad Request\r\n", E::not_socks},
      {v5, {}, "\4\0"s, E::not_socks},
      {v5, {}, "\5\xff"s, E::authentication_required},
      {v5, {"u", "p"}, "\5\xff"s, E::authentication_refused},
      {v5, {}, "\5\2"s, E::unexpected_method},
      {v5, {"u", "p"}, "\5\1"s, E::unexpected_method},
      {v5, {"u", "p"}, "\5\2\1\1"s, E::authentication_refused},
      {v5, {"u", "p"}, "\5\2\1"s, E::closed},
      {v5, {"u", "p"}, "\5\2\2\0"s, E::not_socks},
      {v5, {}, "\5\0\5\1"s, E::general_failure},
      {v5, {}, "\5\0\5\2"s, E::not_allowed},
      {v5, {}, "\5\0\5\3"s, E::network_unreachable},
      {v5, {}, "\5\0\5\4"s, E::host_unreachable},
      {v5, {}, "\5\0\5\5\0\1\0\0\0\0\0\0"s, E::connection_refused},
      {v5, {}, "\5\0\5\6"s, E::ttl_expired},
      {v5, {}, "\5\0\5\7"s, E::command_not_supported},
      {v5, {}, "\5\0\5\x08"s, E::address_type_not_supported},
      {v5, {}, "\5\0\5\x09"s, E::unassigned_code},
      {v5, {}, "\5\0\5\xff"s, E::unassigned_code},
      {v5, {}, "\5\0\5\0\0\2\0"s, E::bad_reply},
      {v5, {}, "\5\0\1\0\0\1\0"s, E::not_socks},
      {v4, {}, "", E::closed},
      {v4, {}, "\0\x5a\0\0\0\0\0"s, E::closed},
      {v4, {}, "\0\x5b"s, E::rejected},
      {v4, {}, "\0\x5c\0\0\0\0\0\0"s, E::identd_unreachable},
      {v4, {}, "\0\x5d\0\0\0\0\0\0"s, E::identd_mismatch},
      {v4, {}, "\0\x01\0\0\0\0\0\0"s, E::unassigned_code},
      {v4, {}, "HTTP", E::not_socks},
      {v4, {}, "\5\0"s, E::not_socks},
  };
  for (const Refusal& each : cases) {
    for (const std::size_t piece : {1, 1000}) {
      SocksHandshake socks(each.version, {"a", 1}, each.credentials);
      play(socks, each.answers, piece);
      EXPECT_EQ(socks.state(), SocksState::failed);
      EXPECT_EQ(socks.error(), each.error) << ::testing::PrintToString(each.answers);
    }
  }
}

TEST(Socks, RefusesWhatCannotBeSaid) {
  struct Case {
    SocksVersion version;
    std::string host;
    std::string user, password;
    SocksError error;
  };
  const auto v5 = SocksVersion::v5;
  const auto v4 = SocksVersion::v4a;
  const std::string longest(255, 'a');
  const Case cases[] = {
      {v5, longest, longest, longest, SocksError::none},
      {v5, longest + 'a', "", "", SocksError::host_too_long},
      {v5, "a", longest + 'a', "", SocksError::credentials_too_long},
      {v5, "a", "", longest + 'a', SocksError::credentials_too_long},
      {v5, "", "", "", SocksError::bad_host},
      {v5, "a\0b"s, "", "", SocksError::bad_host},
      {v5, "fe80::1%eth0", "", "", SocksError::bad_host},
      {v5, "1.2.3.4.5", "", "", SocksError::bad_host},
      {v4, "1.2.3.400", "", "", SocksError::bad_host},
      {v4, longest, longest, "", SocksError::none},
      {v4, "a", longest + 'a', "", SocksError::credentials_too_long},
      {v4, "a", "u\0v"s, "", SocksError::bad_credentials},
      {v4, "a", "u", "p", SocksError::password_in_version_4},
  };
  for (const Case& each : cases) {
    const SocksHandshake socks(each.version, {each.host, 80}, {each.user, each.password});
    EXPECT_EQ(socks.error(), each.error) << each.host;
    const bool fails = each.error != SocksError::none;
    EXPECT_EQ(socks.state(), fails ? SocksState::failed : SocksState::send);
    EXPECT_EQ(socks.to_send().empty(), fails);
  }
}

TEST(Socks, StaysAsItIsWhenItHasEnded) {
  SocksHandshake socks(SocksVersion::v5, {"a", 1});
  play(socks, "\5\0"s + kReply5);
  socks.received("more");
  socks.end_of_input();
  EXPECT_EQ(socks.state(), SocksState::established);
}

TEST(Socks, DescribesEachErrorDifferently) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(SocksError::identd_mismatch); ++i) {
    EXPECT_TRUE(words.insert(describe(static_cast<SocksError>(i))).second) << i;
  }
}

}  // namespace
}  // namespace rondo::proto
