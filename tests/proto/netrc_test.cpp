#include "rondo/proto/netrc.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

using Login = std::optional<Netrc::Login>;

Login find(std::string_view text, std::string_view host,
           std::optional<std::string_view> user = {}) {
  return Netrc::parse(text).value().find(host, user);
}

TEST(Netrc, FindsTheLoginOfAMachine) {
  struct Case {
    std::string_view text;
    Login login;
  };
  const Case cases[] = {
      {"machine h login u password p", {{"u", "p"}}},
      {"machine h\n\tlogin u\r\n\tpassword p\r\n", {{"u", "p"}}},
      {"machine h password p login u", {{"u", "p"}}},
      {"machine h login u account a password p", {{"u", "p"}}},
      {"machine h account a password p", {{"a", "p"}}},
      {"machine h user u password p", {{"u", "p"}}},
      {"machine h login u", {{"u", ""}}},
      {"machine h password p", {{"", "p"}}},
      {"machine h login \"\" password p", {{"", "p"}}},
      {"machine H login u password p", {{"u", "p"}}},
      {"\xef\xbb\xbfmachine h login u password p", {{"u", "p"}}},
      {"# machine h login x\nmachine h login u password p # that was it\n", {{"u", "p"}}},
      {"machine h login u password #p", {{"u", "#p"}}},
      {"machine h login \"u v\" password \"a\\\"b\\\\c\\td\\n\\r\\x\"",
       {{"u v", "a\"b\\c\td\n\rx"}}},
      {"machine h login u password p\"q", {{"u", "p\"q"}}},
      {"machine h login machine password default", {{"machine", "default"}}},
      {"machine h", std::nullopt},
      {"machine other login u password p", std::nullopt},
      {"machine xh login u password p", std::nullopt},
      {"", std::nullopt},
      {" \n\n", std::nullopt},
  };
  for (const Case& each : cases) EXPECT_EQ(find(each.text, "h"), each.login) << each.text;
}

TEST(Netrc, PrefersTheFirstMachineAndTakesTheDefaultLast) {
  constexpr std::string_view kText =
      "machine a login u1 password p1\nmachine a login u2 password p2\n"
      "default login anonymous password guest\nmachine b login u3 password p3\n"
      "machine c\n";
  EXPECT_EQ(find(kText, "a"), (Login{{"u1", "p1"}}));
  EXPECT_EQ(find(kText, "b"), (Login{{"u3", "p3"}}));
  EXPECT_EQ(find(kText, "c"), (Login{{"anonymous", "guest"}}));
  EXPECT_EQ(find(kText, "z"), (Login{{"anonymous", "guest"}}));
  EXPECT_EQ(find(kText, "a", "u2"), (Login{{"u2", "p2"}}));
  EXPECT_EQ(find(kText, "a", "u9"), std::nullopt);
  EXPECT_EQ(find("machine a password p", "a", "me"), (Login{{"me", "p"}}));
}

TEST(Netrc, PassesOverMacros) {
  constexpr std::string_view kText =
      "machine a login u1 password p1\nmacdef init\ncd /tmp\nmachine b login x password y\n\n"
      "machine b login u2 password p2\nmacdef last\nquit";
  EXPECT_EQ(find(kText, "a"), (Login{{"u1", "p1"}}));
  EXPECT_EQ(find(kText, "b"), (Login{{"u2", "p2"}}));
  EXPECT_EQ(find("macdef init\r\nmachine b\r\n\r\nmachine b login u password p", "b"),
            (Login{{"u", "p"}}));
}

TEST(Netrc, TellsTheLineOfAnErrorAndNotItsText) {
  using Kind = NetrcError::Kind;
  struct Case {
    std::string_view text;
    Kind kind;
    std::size_t line;
  };
  const Case cases[] = {
      {"machine h\nsecret", Kind::unknown_keyword, 2},
      {"login u", Kind::unknown_keyword, 1},
      {"machine", Kind::missing_value, 1},
      {"machine h login u\npassword\n", Kind::missing_value, 3},
      {"machine h login u\npassword \"secret", Kind::unclosed_quote, 2},
      {"machine h login u\npassword \"secret\\", Kind::unclosed_quote, 2},
      {"macdef", Kind::missing_value, 1},
      {"machine h password two words", Kind::unknown_keyword, 1},
  };
  for (const Case& each : cases) {
    const auto netrc = Netrc::parse(each.text);
    ASSERT_FALSE(netrc) << each.text;
    EXPECT_EQ(netrc.error().kind, each.kind) << each.text;
    EXPECT_EQ(netrc.error().line, each.line) << each.text;
    const std::string words = netrc.error().describe();
    EXPECT_NE(words.find(std::to_string(each.line)), std::string::npos);
    EXPECT_EQ(words.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace rondo::proto
