#include "rondo/proto/url_host.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "url_expect.hpp"

namespace rondo::proto {
namespace {

/// The host of "scheme://text/" as it is serialised, or "error: " and what is wrong.
std::string host_of(std::string_view text, std::string_view scheme = "http") {
  const std::string href = parsed(std::string(scheme) + "://" + std::string(text) + "/");
  return href.starts_with("error: ") ? href : std::string(url_of(href).host());
}

struct HostCase {
  std::string_view input;
  std::string_view host;
};

TEST(UrlHost, PutsDomainsIntoLowerCase) {
  constexpr HostCase kCases[] = {{"EXAMPLE.org", "example.org"},
                                 {"a_b--c-.-d", "a_b--c-.-d"},
                                 {"h.", "h."},
                                 {"..", ".."},
                                 {"!$&'()*+,;=~\"`{}", "!$&'()*+,;=~\"`{}"}};
  for (const HostCase& each : kCases) EXPECT_EQ(host_of(each.input), each.host);
}

TEST(UrlHost, DecodesPercentSignsInDomains) {
  constexpr HostCase kCases[] = {{"ex%61mple.%4Frg", "example.org"},
                                 {"%31%32%37.1", "127.0.0.1"},
                                 {"b%c3%bccher", "xn--bcher-kva"},
                                 {"%e2%98%83", "xn--n3h"}};
  for (const HostCase& each : kCases) EXPECT_EQ(host_of(each.input), each.host);
}

TEST(UrlHost, RefusesForbiddenCharactersInDomains) {
  for (const std::string_view text :
       {"a b",   "a<b",   "a>b", "a^b", "a|b", "a[b", "a]b",  "a%b", "a%",
        "a\x01", "a\x7f", "%00", "%20", "%2f", "%3a", "%40",  "%5b", "%25",
        "%23",   "%3f",   "%5c", "%09", "%7f", "%1f", "a%2fb"}) {
    expect_refused("http://" + std::string(text) + "/", UrlError::domain_invalid_code_point);
  }
  expect_refused(std::string_view("http://a\0b/", 11), UrlError::domain_invalid_code_point);
  expect_refused("http://\xc3\xbc<", UrlError::domain_invalid_code_point);
  expect_refused("http://\xef\xbc\x85\x34\x31/", UrlError::domain_invalid_code_point);
}

TEST(UrlHost, ConvertsInternationalDomains) {
  constexpr HostCase kCases[] = {{"b\xc3\xbc"
                                  "cher.example",
                                  "xn--bcher-kva.example"},
                                 {"fa\xc3\x9f.Example", "xn--fa-hia.example"},
                                 {"\xe2\x98\x83.net", "xn--n3h.net"},
                                 {"\xf0\x9f\x92\xa9", "xn--ls8h"},
                                 {"\xe4\xbd\xa0\xe5\xa5\xbd", "xn--6qq79v"},
                                 {"\xef\xbc\xa7\xef\xbd\x8f.com", "go.com"},
                                 {"a\xe3\x80\x82"
                                  "b",
                                  "a.b"},
                                 {"\xef\xbc\x90\xef\xbc\xb8\xef\xbd\x83\xef\xbc\x90\xef\xbc\x8e"
                                  "02\xef\xbc\x8e"
                                  "1",
                                  "192.2.0.1"}};
  for (const HostCase& each : kCases) EXPECT_EQ(host_of(each.input), each.host) << each.input;
}

TEST(UrlHost, RefusesDomainsThatAreNotValidUnicodeNames) {
  for (const std::string_view text : {"%ff", "\xff", "\xef\xbf\xbd", "%C2%AD", "\xc2\xad",
                                      "a\xe2\x80\x8d"
                                      "b",
                                      "xn--te\xc5\xa1la"}) {
    expect_refused("http://" + std::string(text) + "/", UrlError::domain_to_ascii);
  }
}

TEST(UrlHost, ReadsEveryFormOfIpv4) {
  constexpr HostCase kCases[] = {{"127.0.0.1", "127.0.0.1"},
                                 {"127.0.0.1.", "127.0.0.1"},
                                 {"127.1", "127.0.0.1"},
                                 {"0x7f.1", "127.0.0.1"},
                                 {"0X7F000001", "127.0.0.1"},
                                 {"017700000001", "127.0.0.1"},
                                 {"2130706433", "127.0.0.1"},
                                 {"1.2.3", "1.2.0.3"},
                                 {"0xFFFFFFFF", "255.255.255.255"},
                                 {"0x", "0.0.0.0"},
                                 {"0", "0.0.0.0"},
                                 {"1.0x", "1.0.0.0"}};
  for (const HostCase& each : kCases) EXPECT_EQ(host_of(each.input), each.host) << each.input;
  EXPECT_EQ(url_of("http://127.1/").host_kind(), HostKind::ipv4);
}

TEST(UrlHost, TakesNoHostThatEndsInANumberForADomain) {
  expect_refused("http://1.2.3.4.5/", UrlError::ipv4_too_many_parts);
  expect_refused("http://a.1/", UrlError::ipv4_non_numeric_part);
  expect_refused("http://1..2/", UrlError::ipv4_non_numeric_part);
  expect_refused("http://09/", UrlError::ipv4_non_numeric_part);
  expect_refused("http://a.0x1/", UrlError::ipv4_non_numeric_part);
  expect_refused("http://4294967296/", UrlError::ipv4_out_of_range_part);
  expect_refused("http://256.0.0.1/", UrlError::ipv4_out_of_range_part);
  EXPECT_EQ(host_of("1.2.3.4a"), "1.2.3.4a");
  EXPECT_EQ(host_of("0xg"), "0xg");
  EXPECT_EQ(host_of("1.2.3.4.."), "1.2.3.4..");
}

TEST(UrlHost, ReadsIpv6InBrackets) {
  EXPECT_EQ(host_of("[2001:DB8:0::0:1]"), "[2001:db8::1]");
  EXPECT_EQ(host_of("[::1]", "sc"), "[::1]");
  EXPECT_EQ(url_of("http://[::1]/").host_kind(), HostKind::ipv6);
  expect_refused("http://[::1/", UrlError::ipv6_unclosed);
  expect_refused("http://[::1]x/", UrlError::ipv6_unclosed);
  expect_refused("http://[]/", UrlError::ipv6_too_few_pieces);
  expect_refused("http://[::1%25eth0]/", UrlError::ipv6_invalid_code_point);
  expect_refused("http://[::%31]/", UrlError::ipv6_invalid_code_point);
  expect_refused("http://%5B::1]/", UrlError::domain_invalid_code_point);
  expect_refused("sc://[/", UrlError::ipv6_unclosed);
}

TEST(UrlHost, KeepsTheHostsOfOtherSchemesOpaque) {
  constexpr HostCase kCases[] = {{"EXAMPLE", "EXAMPLE"},
                                 {"127.1", "127.1"},
                                 {"%41%zz%", "%41%zz%"},
                                 {"fa\xc3\x9f", "fa%C3%9F"},
                                 {"a\x01", "a%01"},
                                 {"a\x7f", "a%7F"},
                                 {"!\"$&'()*+,;=_`{}~", "!\"$&'()*+,;=_`{}~"}};
  for (const HostCase& each : kCases) EXPECT_EQ(host_of(each.input, "sc"), each.host);
  for (const std::string_view text : {"a b", "a<b", "a>b", "a[b", "a]b", "a\\b", "a^b", "a|b"}) {
    expect_refused("sc://" + std::string(text) + "/", UrlError::host_invalid_code_point);
  }
  expect_refused(std::string_view("sc://a\0b/", 9), UrlError::host_invalid_code_point);
}

TEST(UrlHost, SaysWhatKindOfHostItIs) {
  EXPECT_EQ(url_of("http://example.org/").host_kind(), HostKind::domain);
  EXPECT_EQ(url_of("sc://example.org/").host_kind(), HostKind::opaque);
  EXPECT_EQ(url_of("file:///x").host_kind(), HostKind::empty);
  EXPECT_EQ(url_of("sc:///x").host_kind(), HostKind::empty);
  EXPECT_EQ(url_of("sc:/x").host_kind(), HostKind::none);
  EXPECT_EQ(url_of("data:x").host_kind(), HostKind::none);
}

TEST(UrlHost, FindsThePortBehindAnIpv6Address) {
  const Url url = url_of("http://u:p@[1:2::3]:8080/");
  EXPECT_EQ(url.hostname(), "[1:2::3]");
  EXPECT_EQ(url.port(), "8080");
  EXPECT_EQ(url.host(), "[1:2::3]:8080");
}

}  // namespace
}  // namespace rondo::proto
