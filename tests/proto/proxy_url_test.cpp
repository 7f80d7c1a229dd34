#include "rondo/proto/proxy_url.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rondo::proto {
namespace {

TEST(ProxyUrl, ReadsSchemeHostAndPort) {
  struct Case {
    std::string_view text, shown;
  };
  const Case cases[] = {
      {"http://proxy.example:3128", "http://proxy.example:3128"},
      {"proxy.example:3128", "http://proxy.example:3128"},
      {"proxy.example", "http://proxy.example:80"},
      {"http://proxy.example", "http://proxy.example:80"},
      {"http://proxy.example:443/", "http://proxy.example:443"},
      {"https://proxy.example", "https://proxy.example:443"},
      {"https://proxy.example:80", "https://proxy.example:80"},
      {"HTTP://Proxy.EXAMPLE:8080/path?query#x", "http://proxy.example:8080"},
      {"socks5://127.0.0.1", "socks5://127.0.0.1:1080"},
      {"SOCKS5H://Proxy.example:9050", "socks5h://proxy.example:9050"},
      {"socks5h://proxy.example:80", "socks5h://proxy.example:80"},
      {"socks5h://proxy.example:443", "socks5h://proxy.example:443"},
      {"socks4a://0x7f.1:1", "socks4a://127.0.0.1:1"},
      {"socks5://[::1]:1080", "socks5://[::1]:1080"},
      {"http://[2001:DB8::0:1]", "http://[2001:db8::1]:80"},
      {" http://b\xc3\xbc"
       "cher.example ",
       "http://xn--bcher-kva.example:80"},
  };
  for (const Case& each : cases) {
    const auto proxy = parse_proxy_url(each.text);
    ASSERT_TRUE(proxy) << each.text;
    EXPECT_EQ(proxy->to_string(), each.shown) << each.text;
    EXPECT_TRUE(proxy->authorization.empty());
  }
  EXPECT_EQ(parse_proxy_url("http://[::1]:1")->host, "::1");
}

TEST(ProxyUrl, TurnsUserInformationIntoCredentials) {
  struct Case {
    std::string_view text, user, password, authorization;
  };
  const Case cases[] = {
      {"http://u:p@h", "u", "p", "Basic dTpw"},
      {"u:p@h:1", "u", "p", "Basic dTpw"},
      {"http://u@h", "u", "", "Basic dTo="},
      {"http://a%40b:c%3Ad%20@h", "a@b", "c:d ", "Basic YUBiOmM6ZCA="},
      {"socks5://u:p@h", "u", "p", ""},
      {"socks5h://a%3Ab:p@h", "a:b", "p", ""},
      {"socks4a://u@h", "u", "", ""},
      {"http://@h", "", "", ""},
  };
  for (const Case& each : cases) {
    const auto proxy = parse_proxy_url(each.text);
    ASSERT_TRUE(proxy) << each.text;
    EXPECT_EQ(proxy->host, "h") << each.text;
    EXPECT_EQ(proxy->user, each.user) << each.text;
    EXPECT_EQ(proxy->password, each.password) << each.text;
    EXPECT_EQ(proxy->authorization, each.authorization) << each.text;
    EXPECT_EQ(proxy->to_string().find('@'), std::string::npos);
  }
}

TEST(ProxyUrl, RefusesWhatNamesNoProxy) {
  using E = ProxyUrlError;
  const std::string long_user = "socks5://" + std::string(256, 'u') + "@h";
  struct Case {
    std::string_view text;
    E error;
  };
  const Case cases[] = {
      {"", E::invalid_url},
      {"http://", E::invalid_url},
      {"http:///h", E::invalid_url},
      {"http://\\h", E::invalid_url},
      {"http://a b", E::invalid_url},
      {"http://h:99999", E::invalid_url},
      {"http://h:0", E::invalid_url},
      {"socks5://h:port", E::invalid_url},
      {"http://[::1", E::invalid_url},
      {"ftp://h", E::unsupported_scheme},
      {"socks4://h", E::unsupported_scheme},
      {"socks://h", E::unsupported_scheme},
      {"://h", E::unsupported_scheme},
      {"http://a%3Ab:c@h", E::colon_in_user},
      {"http://a%0Ab:c@h", E::control_character_in_credentials},
      {"socks5://a%00b:c@h", E::control_character_in_credentials},
      {"socks4a://a:b@h", E::password_in_socks4a},
      {long_user, E::credentials_too_long},
  };
  for (const Case& each : cases) {
    const auto proxy = parse_proxy_url(each.text);
    ASSERT_FALSE(proxy) << each.text;
    EXPECT_EQ(proxy.error(), each.error) << each.text;
  }
}

TEST(ProxyUrl, TakesCredentialsBesideTheUrl) {
  using E = ProxyUrlError;
  constexpr auto kDigest = ProxyAuthScheme::digest;
  struct Case {
    std::string_view url;
    ProxyCredentials credentials;
    std::optional<E> error;
    std::string_view authorization;
  };
  const Case cases[] = {
      {"http://h", {"u", "p"}, std::nullopt, "Basic dTpw"},
      {"http://h", {"u", "p", kDigest}, std::nullopt, ""},
      {"https://h", {"a:b", "p", kDigest}, std::nullopt, ""},
      {"socks5://h", {"u", "p"}, std::nullopt, ""},
      {"http://u:p@h", {"u", "p"}, E::credentials_twice, "Basic dTpw"},
      {"http://h", {"a:b", "p"}, E::colon_in_user, ""},
      {"http://h", {"a\r\nb", "p"}, E::control_character_in_credentials, ""},
      {"http://h", {"a\r\nb", "p", kDigest}, E::control_character_in_credentials, ""},
      {"socks5://h", {"u", "p", kDigest}, E::digest_in_socks, ""},
      {"socks4a://h", {"u", "p"}, E::password_in_socks4a, ""},
  };
  for (const Case& each : cases) {
    auto proxy = parse_proxy_url(each.url).value();
    const ProxyServer before = proxy;
    EXPECT_EQ(give_credentials(proxy, each.credentials), each.error) << each.url;
    EXPECT_EQ(proxy.authorization, each.authorization) << each.url;
    if (each.error) {
      EXPECT_EQ(proxy, before);
    } else {
      EXPECT_EQ(proxy.user, each.credentials.user);
      EXPECT_EQ(proxy.password, each.credentials.password);
    }
  }
}

TEST(ProxyUrl, DescribesEachErrorDifferently) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(ProxyUrlError::credentials_twice); ++i) {
    EXPECT_TRUE(words.insert(describe(static_cast<ProxyUrlError>(i))).second) << i;
  }
}

}  // namespace
}  // namespace rondo::proto
