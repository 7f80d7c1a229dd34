#include "rondo/proto/challenge.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

// "scheme token68 name=<value>" for each, joined by " | ".
std::string shown(const std::vector<Challenge>& challenges) {
  std::string text;
  for (const Challenge& each : challenges) {
    if (!text.empty()) text += " | ";
    text += each.scheme;
    if (!each.token68.empty()) text += ' ' + each.token68;
    for (const auto& [name, value] : each.parameters) text += ' ' + name + "=<" + value + '>';
  }
  return text;
}

TEST(Challenge, TellsChallengesFromParameters) {
  struct Case {
    std::string_view field, expected;
  };
  const Case cases[] = {
      {"", ""},
      {" , ,, ", ""},
      {"Basic", "basic"},
      {"Basic realm=\"WallyWorld\"", "basic realm=<WallyWorld>"},
      {"bAsIc REALM = \"x\" , Charset=\"UTF-8\"", "basic realm=<x> charset=<UTF-8>"},
      // RFC 9110 §11.6.1.
      {R"(Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"")",
       "basic realm=<simple> | newauth realm=<apps> type=<1> title=<Login to \"apps\">"},
      {"Negotiate", "negotiate"},
      {"Negotiate YWJj", "negotiate YWJj"},
      {"Negotiate YWJjZA==", "negotiate YWJjZA=="},
      {"Negotiate YWI=, Basic realm=x", "negotiate YWI= | basic realm=<x>"},
      {"Negotiate, NTLM, Basic realm=\"a, b\"", "negotiate | ntlm | basic realm=<a, b>"},
      {",Basic,,realm=x,,Bearer,", "basic realm=<x> | bearer"},
      {"Digest realm=\"a\",nonce=\"b\",qop=\"auth,auth-int\",algorithm=SHA-256",
       "digest realm=<a> nonce=<b> qop=<auth,auth-int> algorithm=<SHA-256>"},
      {"Bearer realm=\"x\", error=\"invalid_token\"", "bearer realm=<x> error=<invalid_token>"},
      // What servers write and should not.
      {"Digest realm=a, nonce=ab+/c==, qop=auth", "digest realm=<a> nonce=<ab+/c==> qop=<auth>"},
      {"Basic realm=", "basic realm="},
      {"Basic realm=\"open", "basic realm=<open>"},
      {"Basic realm=\"a\\", "basic realm=<a\\>"},
      {"Basic realm=\"a\", realm=\"b\"", "basic realm=<a>"},
      {"Basic realm=\"\"", "basic realm=<>"},
      {"Basic realm=\"a\x01\", x=y", "basic x=<y>"},
      {"Basic realm=\"a\" x, Digest realm=b", "basic realm=<a>"},
      {"Basic (realm)", "basic"},
      {"Basic\"x\"", "basic"},
      {"realm=\"x\"", "realm"},
      {"=", ""},
      {"\"Basic\"", ""},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(shown(parse_challenges(each.field)), each.expected) << each.field;
  }
}

TEST(Challenge, ReadsAllFieldsOfAName) {
  HeaderMap headers;
  headers.add("WWW-Authenticate", "Basic realm=a");
  headers.add("X", "Basic realm=b");
  headers.add("www-authenticate", "Digest realm=c, Bearer");
  EXPECT_EQ(shown(parse_challenges(headers, "WWW-Authenticate")),
            "basic realm=<a> | digest realm=<c> | bearer");
  // A parameter belongs to a challenge of its own field.
  headers.add("WWW-Authenticate", "nonce=x");
  EXPECT_EQ(shown(parse_challenges(headers, "WWW-Authenticate")),
            "basic realm=<a> | digest realm=<c> | bearer | nonce");
}

TEST(Challenge, FindsParametersInAnyCase) {
  const Challenge challenge = parse_challenges("Digest QOP=auth").at(0);
  EXPECT_EQ(challenge.parameter("Qop"), "auth");
  EXPECT_EQ(challenge.parameter("realm"), std::nullopt);
}

}  // namespace
}  // namespace rondo::proto
