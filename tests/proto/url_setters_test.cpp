#include "rondo/proto/url_setters.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "url_expect.hpp"

namespace rondo::proto {
namespace {

struct SetterCase {
  std::string_view url;
  std::string_view value;
  std::string_view href;
};

/// `href` is the URL after `attribute` was set; the same text as `url` if the value is ignored.
void expect_all(std::string_view attribute, std::span<const SetterCase> cases) {
  for (const SetterCase& each : cases) {
    Url url = url_of(each.url);
    EXPECT_EQ(url.set(attribute, each.value), std::nullopt);
    EXPECT_EQ(url.href(), each.href) << each.url << ' ' << attribute << " = " << each.value;
    expect_consistent(url);
  }
}

TEST(UrlSetters, ProtocolTakesASchemeOfTheSameKind) {
  constexpr SetterCase kCases[] = {{"http://h/", "https", "https://h/"},
                                   {"http://h/", "WSS:", "wss://h/"},
                                   {"http://h/", "ftp:rest is ignored", "ftp://h/"},
                                   {"http://h/", "h\tttps\n", "https://h/"},
                                   {"sc://h", "b+1-.", "b+1-.://h"},
                                   {"http://h/", "sc", "http://h/"},
                                   {"sc://h", "http", "sc://h"},
                                   {"data:x", "foo", "foo:x"},
                                   {"sc:/.//p", "b", "b:/.//p"}};
  expect_all("protocol", kCases);
}

TEST(UrlSetters, ProtocolIgnoresWhatIsNoScheme) {
  for (const std::string_view value :
       {"", ":", "1a", "+a", "a b", "a/", "\xc3\xa9", "-", " http"}) {
    Url url = url_of("https://h/");
    EXPECT_FALSE(url.set_protocol(value)) << value;
    EXPECT_EQ(url.href(), "https://h/");
  }
}

TEST(UrlSetters, ProtocolDropsThePortThatBecomesTheDefault) {
  constexpr SetterCase kCases[] = {{"http://h:443/", "https", "https://h/"},
                                   {"https://h:80/", "ws", "ws://h/"},
                                   {"http://h:81/", "https", "https://h:81/"}};
  expect_all("protocol", kCases);
}

TEST(UrlSetters, ProtocolMakesFileUrlsOnlyWhereTheyFit) {
  constexpr SetterCase kCases[] = {{"http://h/", "file", "file://h/"},
                                   {"http://u@h/", "file", "http://u@h/"},
                                   {"http://h:81/", "file", "http://h:81/"},
                                   {"file:///x", "http", "file:///x"},
                                   {"file://h/x", "http", "http://h/x"}};
  expect_all("protocol", kCases);
}

TEST(UrlSetters, ProtocolLooksAtNeitherHostNorPathAsTheStandardDoes) {
  Url url = url_of("http://localhost/C|/");
  EXPECT_TRUE(url.set_protocol("file"));
  EXPECT_EQ(url.href(), "file://localhost/C|/");
  EXPECT_EQ(parsed(url.href()), "file:///C:/");
}

TEST(UrlSetters, UsernameAndPasswordAreEncodedWhole) {
  constexpr SetterCase kNames[] = {
      {"http://h/", "me", "http://me@h/"},
      {"http://me:pw@h/", "", "http://:pw@h/"},
      {"http://me@h/", "", "http://h/"},
      {"sc://h:9", "a:b@c/d", "sc://a%3Ab%40c%2Fd@h:9"},
      {"http://h/", "%41\t\xc3\xa9\xff", "http://%41%09%C3%A9%EF%BF%BD@h/"}};
  constexpr SetterCase kPasswords[] = {{"http://h/", "pw", "http://:pw@h/"},
                                       {"http://me@h/", "p:w", "http://me:p%3Aw@h/"},
                                       {"http://me:pw@h/", "", "http://me@h/"},
                                       {"http://:pw@h/", "", "http://h/"}};
  expect_all("username", kNames);
  expect_all("password", kPasswords);
}

TEST(UrlSetters, CredentialsAndPortNeedAHost) {
  for (const std::string_view text : {"file:///x", "file://h/x", "sc:/x", "sc:///x", "data:x"}) {
    Url url = url_of(text);
    EXPECT_FALSE(url.set_username("me")) << text;
    EXPECT_FALSE(url.set_password("pw")) << text;
    EXPECT_FALSE(url.set_port("81")) << text;
    EXPECT_EQ(url.href(), text);
  }
}

TEST(UrlSetters, HostMayBringAPort) {
  constexpr SetterCase kCases[] = {{"http://h/x", "G:81", "http://g:81/x"},
                                   {"http://h:81/x", "g", "http://g:81/x"},
                                   {"http://h:81/x", "g:", "http://g:81/x"},
                                   {"http://h:81/x", "g:80", "http://g/x"},
                                   {"http://h/x", "g:81y", "http://g:81/x"},
                                   {"http://h/x", "g:y", "http://g/x"},
                                   {"http://h/x", "g:65536", "http://g/x"},
                                   {"http://h/x", "g/y?z#", "http://g/x"},
                                   {"http://h/x", "g\\y", "http://g/x"},
                                   {"http://h/x", "127.1", "http://127.0.0.1/x"},
                                   {"http://h/x", "[::1]:81", "http://[::1]:81/x"},
                                   {"http://h/x",
                                    "b\xc3\xbc"
                                    "cher",
                                    "http://xn--bcher-kva/x"},
                                   {"http://u:p@h/x", "g", "http://u:p@g/x"},
                                   {"sc://h:9/x", "G:10", "sc://G:10/x"},
                                   {"sc:/x", "g", "sc://g/x"},
                                   {"sc:/.//x", "g", "sc://g//x"},
                                   {"sc:/x", "", "sc:///x"},
                                   {"sc://h/x", "", "sc:///x"},
                                   {"sc://h/x", "/", "sc:///x"}};
  expect_all("host", kCases);
}

TEST(UrlSetters, HostIgnoresWhatIsNoHost) {
  struct Ignored {
    std::string_view url;
    std::string_view value;
  };
  constexpr Ignored kCases[] = {
      {"http://h/", ""},          {"http://h/", ":81"}, {"http://h/", "/g"},
      {"http://h/", "a b"},       {"http://h/", "a@b"}, {"http://h/", "[::1"},
      {"http://h/", "1.2.3.4.5"}, {"sc://u@h/", ""},    {"sc://h:9/", ""},
      {"sc://h/", "a^b"},         {"sc://h/", ":9"},    {"data:x", "g"},
      {"file://h/", "g:81"},      {"http://h/", "\xff"}};
  for (const Ignored& each : kCases) {
    Url url = url_of(each.url);
    EXPECT_FALSE(url.set_host(each.value)) << each.url << ' ' << each.value;
    EXPECT_FALSE(url.set_hostname(each.value)) << each.url << ' ' << each.value;
    EXPECT_EQ(url.href(), each.url);
  }
}

TEST(UrlSetters, HostnameIgnoresAValueWithAPort) {
  constexpr SetterCase kCases[] = {{"http://h:81/x", "g", "http://g:81/x"},
                                   {"http://h/x", "g:81", "http://h/x"},
                                   {"http://h/x", "g:", "http://h/x"},
                                   {"http://h/x", "[::1]", "http://[::1]/x"},
                                   {"http://h/x", "[::1]:81", "http://h/x"},
                                   {"sc://h", "g/y", "sc://g"},
                                   {"sc://h/x", "", "sc:///x"}};
  expect_all("hostname", kCases);
}

TEST(UrlSetters, HostOfAFileMayBeEmptyOrLocal) {
  constexpr SetterCase kCases[] = {
      {"file:///x", "h", "file://h/x"},         {"file://h/x", "", "file:///x"},
      {"file://h/x", "LocalHost", "file:///x"}, {"file://h/x", "g/y", "file://g/x"},
      {"file:///x", "C|", "file:///x"},         {"file:///x", "127.1", "file://127.0.0.1/x"}};
  expect_all("host", kCases);
  expect_all("hostname", kCases);
}

TEST(UrlSetters, PortTakesTheDigitsInFront) {
  constexpr SetterCase kCases[] = {{"http://h/", "81", "http://h:81/"},
                                   {"http://h:81/", "", "http://h/"},
                                   {"http://h:81/", "80", "http://h/"},
                                   {"http://h/", "0000081", "http://h:81/"},
                                   {"http://h/", "8\t1", "http://h:81/"},
                                   {"http://h/", "81a", "http://h:81/"},
                                   {"http://h/", "81/90", "http://h:81/"},
                                   {"http://h/", "0", "http://h:0/"},
                                   {"sc://h", "80", "sc://h:80"},
                                   {"http://h:81/", "a81", "http://h:81/"},
                                   {"http://h:81/", " 90", "http://h:81/"},
                                   {"http://h:81/", "-1", "http://h:81/"},
                                   {"http://h:81/", "65536", "http://h:81/"},
                                   {"http://h:81/", "\t", "http://h:81/"}};
  expect_all("port", kCases);
}

TEST(UrlSetters, PathnameIsParsedLikeAPath) {
  constexpr SetterCase kCases[] = {{"http://h/x?q#f", "y", "http://h/y?q#f"},
                                   {"http://h/x", "", "http://h/"},
                                   {"http://h/x", "\\y\\..\\z", "http://h/z"},
                                   {"http://h/x", "/a/%2e%2E/b/.", "http://h/b/"},
                                   {"http://h/x", "?#^ \xc3\xa9", "http://h/%3F%23%5E%20%C3%A9"},
                                   {"http://h/x", "//y", "http://h//y"},
                                   {"sc://h/x", "", "sc://h"},
                                   {"sc://h/x", "y", "sc://h/y"},
                                   {"sc://h/x", "\\y", "sc://h/\\y"},
                                   {"sc:/x", "", "sc:/"},
                                   {"sc:/x", "//y", "sc:/.//y"},
                                   {"sc:/.//x", "y", "sc:/y"},
                                   {"data:x", "y", "data:x"},
                                   {"file:///x", "C|/y", "file:///C:/y"},
                                   {"file:///C:/x", "/..", "file:///"}};
  expect_all("pathname", kCases);
}

TEST(UrlSetters, SearchTakesOneQuestionMarkAway) {
  constexpr SetterCase kCases[] = {{"http://h/x#f", "q=1", "http://h/x?q=1#f"},
                                   {"http://h/x?a#f", "?b", "http://h/x?b#f"},
                                   {"http://h/x", "??b", "http://h/x??b"},
                                   {"http://h/x?a#f", "", "http://h/x#f"},
                                   {"http://h/x?a#f", "?", "http://h/x?#f"},
                                   {"http://h/", "a#'\" <>", "http://h/?a%23%27%22%20%3C%3E"},
                                   {"sc://h", "'", "sc://h?'"},
                                   {"http://h/", "a\tb\n\xc3\xa9", "http://h/?ab%C3%A9"},
                                   {"data:x %20?q", "", "data:x %20"}};
  expect_all("search", kCases);
}

TEST(UrlSetters, HashTakesOneNumberSignAway) {
  constexpr SetterCase kCases[] = {{"http://h/?q", "f", "http://h/?q#f"},
                                   {"http://h/#a", "#b", "http://h/#b"},
                                   {"http://h/", "##b", "http://h/##b"},
                                   {"http://h/?q#a", "", "http://h/?q"},
                                   {"http://h/?q#a", "#", "http://h/?q#"},
                                   {"http://h/", "a `\"<>?", "http://h/#a%20%60%22%3C%3E?"},
                                   {"javascript:x", "f", "javascript:x#f"}};
  expect_all("hash", kCases);
}

TEST(UrlSetters, HrefReplacesEverythingOrNothing) {
  Url url = url_of("http://u:p@h:81/x?q#f");
  EXPECT_EQ(url.set_href("sc:y"), std::nullopt);
  EXPECT_EQ(url.href(), "sc:y");
  EXPECT_EQ(url.host(), "");
  EXPECT_EQ(url.set("href", "http://h:x/"), UrlError::port_invalid);
  EXPECT_EQ(url.set("href", "/relative"), UrlError::missing_scheme);
  EXPECT_EQ(url.href(), "sc:y");
}

TEST(UrlSetters, HrefThatIsThereAlreadyChangesNothing) {
  auto url = Url::parse("http://h:81/a?b#c").value();
  EXPECT_EQ(url.set_href("http://h:81/a?b#c"), std::nullopt);
  EXPECT_EQ(url.effective_port(), 81);
  EXPECT_EQ(url.request_target(), "/a?b");
  EXPECT_EQ(url.hash(), "#c");
  EXPECT_EQ(url.set_href("http://h/"), std::nullopt);
  EXPECT_EQ(url.effective_port(), 80);
  EXPECT_EQ(url.set_href(""), UrlError::missing_scheme);
}

TEST(UrlSetters, SetKnowsTheAttributesByName) {
  Url url = url_of("http://h/");
  EXPECT_EQ(url.set("protocol", "https"), std::nullopt);
  EXPECT_EQ(url.set("username", "u"), std::nullopt);
  EXPECT_EQ(url.set("password", "p"), std::nullopt);
  EXPECT_EQ(url.set("host", "g:1"), std::nullopt);
  EXPECT_EQ(url.set("hostname", "i"), std::nullopt);
  EXPECT_EQ(url.set("port", "2"), std::nullopt);
  EXPECT_EQ(url.set("pathname", "/x"), std::nullopt);
  EXPECT_EQ(url.set("search", "q"), std::nullopt);
  EXPECT_EQ(url.set("hash", "f"), std::nullopt);
  EXPECT_EQ(url.href(), "https://u:p@i:2/x?q#f");
  EXPECT_EQ(url.set("origin", "http://g"), UrlError::read_only_attribute);
  EXPECT_EQ(url.set("colour", "red"), UrlError::unknown_attribute);
  EXPECT_EQ(url.href(), "https://u:p@i:2/x?q#f");
}

TEST(UrlSetters, MayBeGivenAViewOfTheUrlItself) {
  Url url = url_of("http://user:h@h/path?query#fragment");
  EXPECT_TRUE(url.set_pathname(url.search()));
  EXPECT_TRUE(url.set_search(url.hash()));
  EXPECT_TRUE(url.set_hash(url.username()));
  EXPECT_TRUE(url.set_host(url.username()));
  EXPECT_TRUE(url.set_username(url.pathname()));
  EXPECT_EQ(url.href(), "http://%2F%3Fquery:h@user/%3Fquery?%23fragment#user");
}

}  // namespace
}  // namespace rondo::proto
