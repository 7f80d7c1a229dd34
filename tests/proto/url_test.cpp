#include "rondo/proto/url.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "url_expect.hpp"

namespace rondo::proto {
namespace {

TEST(Url, HasTheAttributesOfTheStandard) {
  const Url url = url_of("HTTPS://User:Secret@Example.ORG:8443/a/b?q=1#top");
  EXPECT_EQ(url.href(), "https://User:Secret@example.org:8443/a/b?q=1#top");
  EXPECT_EQ(url.origin(), "https://example.org:8443");
  EXPECT_EQ(url.protocol(), "https:");
  EXPECT_EQ(url.username(), "User");
  EXPECT_EQ(url.password(), "Secret");
  EXPECT_EQ(url.host(), "example.org:8443");
  EXPECT_EQ(url.hostname(), "example.org");
  EXPECT_EQ(url.port(), "8443");
  EXPECT_EQ(url.pathname(), "/a/b");
  EXPECT_EQ(url.search(), "?q=1");
  EXPECT_EQ(url.hash(), "#top");
}

TEST(Url, GivesEmptyAttributesForPartsThatAreNotThere) {
  for (const std::string_view text : {"sc:x", "sc:x?#"}) {
    const Url url = url_of(text);
    for (const std::string_view part : {url.username(), url.password(), url.host(), url.hostname(),
                                        url.port(), url.search(), url.hash()}) {
      EXPECT_EQ(part, "") << text;
    }
    EXPECT_EQ(url.pathname(), "x");
  }
}

TEST(Url, KnowsPasswordsWithoutUserNames) {
  const Url url = url_of("ftp://:secret@h/");
  EXPECT_EQ(url.username(), "");
  EXPECT_EQ(url.password(), "secret");
  EXPECT_TRUE(url.has_credentials());
  EXPECT_FALSE(url_of("ftp://:@h/").has_credentials());
}

TEST(Url, HasAnOriginIfItsSchemeHasOne) {
  struct Case {
    std::string_view url;
    std::string_view origin;
  };
  constexpr Case kCases[] = {{"http://u:p@h:80/x", "http://h"},
                             {"ws://h:81", "ws://h:81"},
                             {"ftp://[::1]/", "ftp://[::1]"},
                             {"file:///x", "null"},
                             {"file://h/x", "null"},
                             {"sc://h/", "null"},
                             {"data:x", "null"},
                             {"blob:https://u@h:81/x", "https://h:81"},
                             {"blob:ftp://h/x", "null"},
                             {"blob:blob:https://h/", "null"},
                             {"blob:x", "null"},
                             {"blob:", "null"}};
  for (const Case& each : kCases) EXPECT_EQ(url_of(each.url).origin(), each.origin) << each.url;
}

TEST(Url, ComparesOrigins) {
  const auto same = [](std::string_view a, std::string_view b) {
    EXPECT_EQ(url_of(a).same_origin(url_of(b)), url_of(b).same_origin(url_of(a)));
    return url_of(a).same_origin(url_of(b));
  };
  EXPECT_TRUE(same("http://h/a", "http://u:p@H:80/b?c"));
  EXPECT_TRUE(same("https://h", "https://h:443"));
  EXPECT_TRUE(same("blob:https://h/1", "https://h/2"));
  EXPECT_FALSE(same("http://h", "https://h"));
  EXPECT_FALSE(same("http://h", "http://h:81"));
  EXPECT_FALSE(same("http://h", "http://h."));
  EXPECT_FALSE(same("http://h:80", "ws://h:80"));
  EXPECT_FALSE(same("file:///x", "file:///x"));
  EXPECT_FALSE(same("sc://h", "sc://h"));
}

TEST(Url, SaysWhereToConnect) {
  struct Case {
    std::string_view url;
    std::string_view host;
    std::uint16_t port;
    std::string_view authority;
  };
  constexpr Case kCases[] = {{"http://h/", "h", 80, "h"},
                             {"https://h:8443/", "h", 8443, "h:8443"},
                             {"wss://[2001:db8::1]/", "2001:db8::1", 443, "[2001:db8::1]"},
                             {"http://[::1]:81/", "::1", 81, "[::1]:81"},
                             {"ftp://127.1/", "127.0.0.1", 21, "127.0.0.1"},
                             {"http://h:0/", "h", 0, "h:0"},
                             {"sc://h/", "h", 0, "h"},
                             {"file:///x", "", 0, ""},
                             {"data:x", "", 0, ""}};
  for (const Case& each : kCases) {
    const Url url = url_of(each.url);
    EXPECT_EQ(url.host_for_connect(), each.host) << each.url;
    EXPECT_EQ(url.effective_port(), each.port) << each.url;
    EXPECT_EQ(url.authority(), each.authority) << each.url;
  }
}

TEST(Url, SendsPathAndQueryButNoFragment) {
  EXPECT_EQ(url_of("http://u:p@h:81/a/b?q#f").request_target(), "/a/b?q");
  EXPECT_EQ(url_of("http://h").request_target(), "/");
  EXPECT_EQ(url_of("http://h?").request_target(), "/?");
  EXPECT_EQ(url_of("http://h/#?f").request_target(), "/");
}

TEST(Url, NeverPutsASpaceOrLineEndIntoTheRequestTarget) {
  std::string input = "http://h/a";
  for (int byte = 0; byte < 256; ++byte) input += static_cast<char>(byte);
  input += "?b";
  for (int byte = 0; byte < 256; ++byte) input += byte == '#' ? '_' : static_cast<char>(byte);
  const Url url = url_of(input);
  for (const char c : url.request_target()) {
    EXPECT_GT(c, ' ');
    EXPECT_LT(c, '\x7f');
  }
}

TEST(Url, LeavesCredentialsOutOfMessages) {
  EXPECT_EQ(url_of("http://user:secret@h:81/a?q#f").without_credentials(), "http://h:81/a?q#f");
  EXPECT_EQ(url_of("http://user@h/").without_credentials(), "http://h/");
  EXPECT_EQ(url_of("http://:secret@h/").without_credentials(), "http://h/");
  EXPECT_EQ(url_of("sc:/.//x").without_credentials(), "sc:/.//x");
  EXPECT_EQ(url_of("data:x@y").without_credentials(), "data:x@y");
}

TEST(Url, AddsQueryParameters) {
  const auto with = [](std::string_view url, const Fields& fields) {
    const Url result = url_of(url).with_query(fields);
    expect_consistent(result);
    return std::string(result.href());
  };
  EXPECT_EQ(with("http://h", {{"q", "a b"}}), "http://h/?q=a+b");
  EXPECT_EQ(with("http://h/x?a=1#f", {{"b", "2"}, {"a", "&=#"}}),
            "http://h/x?a=1&b=2&a=%26%3D%23#f");
  EXPECT_EQ(with("http://h/?", {{"a", ""}}), "http://h/?a=");
  EXPECT_EQ(with("http://h/?a'", {{"b", "'"}}), "http://h/?a%27&b=%27");
  EXPECT_EQ(with("http://h/?", {}), "http://h/?");
  EXPECT_EQ(with("http://u:p@h:81/", {{"a", "b"}}), "http://u:p@h:81/?a=b");
  EXPECT_EQ(with("sc:/.//x", {{"a", "b"}}), "sc:/.//x?a=b");
  const std::vector<Field> many(20, Field{"k", "v"});
  EXPECT_EQ(url_of("http://h/").with_query(many).search().size(), 20 * 4U);
}

TEST(Url, FollowsRedirects) {
  const Url url = url_of("https://u:p@h/a/b?q#f");
  const auto to = [&](std::string_view location) {
    return std::string(Url::parse(location, &url)->href());
  };
  EXPECT_EQ(to("/c"), "https://u:p@h/c");
  EXPECT_EQ(to("c d"), "https://u:p@h/a/c%20d");
  EXPECT_EQ(to("//g/c"), "https://g/c");
  EXPECT_EQ(to("http://h/"), "http://h/");
}

TEST(Url, IsAValue) {
  Url a = url_of("http://h/a");
  const Url b = a;
  EXPECT_EQ(a, b);
  EXPECT_TRUE(a.set_pathname("/c"));
  EXPECT_NE(a, b);
  EXPECT_EQ(b.pathname(), "/a");
  Url c = std::move(a);
  EXPECT_EQ(c.href(), "http://h/c");
  a = b;
  EXPECT_EQ(a, b);
}

TEST(Url, SaysInWordsWhatIsWrong) {
  const auto message = [](std::string_view input) {
    const auto url = Url::parse(input);
    return url ? std::string("nothing") : std::string(describe(url.error()));
  };
  EXPECT_EQ(message("http://h:65536/"), "port is larger than 65535");
  EXPECT_EQ(message("http://h:x/"), "port is not a number");
  EXPECT_EQ(message("http:///"), "host is missing");
  EXPECT_EQ(message("example.org"),
            "it has no scheme (such as \"https://\") and there is no base URL");
  EXPECT_EQ(message("http://a b/"), "host has a character that is not allowed in a domain name");
  EXPECT_EQ(message("http://[::1/"), "IPv6 address is not closed by ']'");
}

TEST(Url, HasAMessageOfItsOwnForEachError) {
  std::vector<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(UrlError::read_only_attribute); ++i) {
    const std::string_view text = describe(static_cast<UrlError>(i));
    EXPECT_NE(text, describe(static_cast<UrlError>(255))) << i;
    for (const std::string_view other : seen) EXPECT_NE(text, other);
    seen.push_back(text);
  }
}

}  // namespace
}  // namespace rondo::proto
