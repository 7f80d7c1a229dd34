#include "rondo/proto/proxy_rules.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace rondo::proto {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

ProxyRules rules_of(const Variables& variables) {
  return ProxyRules([&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

// "variable=proxy", "direct" or "variable: error".
std::string choose(const Variables& variables, std::string_view url) {
  const ProxyRules rules = rules_of(variables);
  const ProxyChoice choice = rules.choose(Url::parse(url).value());
  const std::string variable(choice.variable);
  if (choice.error) return variable + ": " + std::string(describe(*choice.error));
  return choice.proxy == nullptr ? variable + "direct" : variable + '=' + choice.proxy->to_string();
}

TEST(ProxyRules, TakesTheVariableOfTheScheme) {
  struct Case {
    Variables variables;
    std::string http, https;
  };
  const std::string direct = "direct";
  const Case cases[] = {
      {{}, direct, direct},
      {{{"http_proxy", "http://a:1"}}, "http_proxy=http://a:1", direct},
      {{{"https_proxy", "a:1"}}, direct, "https_proxy=http://a:1"},
      {{{"HTTPS_PROXY", "a:1"}}, direct, "HTTPS_PROXY=http://a:1"},
      // What a CGI program is given for the request's field "Proxy".
      {{{"HTTP_PROXY", "http://evil:1"}}, direct, direct},
      {{{"https_proxy", "a:1"}, {"HTTPS_PROXY", "b:1"}}, direct, "https_proxy=http://a:1"},
      {{{"https_proxy", ""}, {"HTTPS_PROXY", "b:1"}}, direct, "HTTPS_PROXY=http://b:1"},
      {{{"all_proxy", "socks5h://s"}}, "all_proxy=socks5h://s:1080", "all_proxy=socks5h://s:1080"},
      {{{"ALL_PROXY", "socks5://s"}}, "ALL_PROXY=socks5://s:1080", "ALL_PROXY=socks5://s:1080"},
      {{{"all_proxy", "socks5://s"}, {"http_proxy", "a:1"}},
       "http_proxy=http://a:1",
       "all_proxy=socks5://s:1080"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(choose(each.variables, "http://example.org/"), each.http);
    EXPECT_EQ(choose(each.variables, "https://example.org/"), each.https);
  }
}

TEST(ProxyRules, GoesDirectlyToTheHostsOfNoProxy) {
  const Variables variables = {{"all_proxy", "a:1"}, {"no_proxy", "example.org, [::1]:8443"}};
  EXPECT_EQ(choose(variables, "http://www.example.org/"), "direct");
  EXPECT_EQ(choose(variables, "https://[::1]:8443/"), "direct");
  EXPECT_EQ(choose(variables, "https://[::1]/"), "all_proxy=http://a:1");
  EXPECT_EQ(choose(variables, "http://example.com/"), "all_proxy=http://a:1");
  EXPECT_EQ(choose({{"all_proxy", "a:1"}, {"NO_PROXY", "*"}}, "http://x/"), "direct");
  EXPECT_EQ(choose({{"all_proxy", "a:1"}, {"no_proxy", "y"}, {"NO_PROXY", "x"}}, "http://x/"),
            "all_proxy=http://a:1");
  EXPECT_EQ(choose({{"all_proxy", "a:1"}, {"no_proxy", ""}, {"NO_PROXY", "x"}}, "http://x/"),
            "direct");
}

TEST(ProxyRules, FailsRatherThanGoesDirectlyWhenAValueIsWrong) {
  const Variables variables = {{"http_proxy", "gopher://secret:word@a"}, {"no_proxy", "x"}};
  EXPECT_EQ(choose(variables, "http://example.org/"),
            "http_proxy: its scheme is none of http, https, socks4a, socks5 and socks5h");
  EXPECT_EQ(choose(variables, "https://example.org/"), "direct");
  EXPECT_EQ(choose(variables, "http://x/"), "direct");
}

TEST(ProxyRules, LetsTheListBeReplaced) {
  ProxyRules rules = rules_of({{"all_proxy", "a:1"}, {"no_proxy", "x"}});
  rules.set_no_proxy(NoProxy("y"));
  EXPECT_NE(rules.choose(Url::parse("http://x/").value()).proxy, nullptr);
  EXPECT_EQ(rules.choose(Url::parse("http://y/").value()).proxy, nullptr);
}

TEST(ProxyRules, KnowsNoProxyByDefault) {
  EXPECT_EQ(ProxyRules().choose(Url::parse("http://x/").value()).proxy, nullptr);
}

}  // namespace
}  // namespace rondo::proto
