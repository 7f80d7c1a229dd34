#include "rondo/proto/no_proxy.hpp"

#include <gtest/gtest.h>

namespace rondo::proto {
namespace {

struct NoProxyCase {
  std::string_view list, host;
  int port;
  bool matches;
};

void expect(const NoProxyCase& each) {
  EXPECT_EQ(NoProxy(each.list).matches(each.host, static_cast<std::uint16_t>(each.port)),
            each.matches)
      << '"' << each.list << "\" and " << each.host << ':' << each.port;
}

// The first rows of each kind are what curl's own test of this list (unit1614) has, in our words.
TEST(NoProxy, MatchesDomainsAndWhatIsBelowThem) {
  const NoProxyCase cases[] = {
      {"example.com", "example.com", 80, true},
      {"example.com", "www.example.com", 80, true},
      {"example.com", "nonexample.com", 80, false},
      {"example.com", "example.com.evil.test", 80, false},
      {"example.com", "com", 80, false},
      {".example.com", "example.com", 80, true},
      {".example.com", "www.example.com", 80, true},
      {".example.com", "nonexample.com", 80, false},
      {"*.example.com", "www.example.com", 80, true},
      {"*.example.com", "wwwexample.com", 80, false},
      {"EXAMPLE.com", "www.Example.COM", 80, true},
      {"example.com.", "example.com", 80, true},
      {"example.com", "example.com.", 80, true},
      {"a.test,  b.test c.test\tlocalhost", "localhost", 80, true},
      {"a.test,  b.test c.test\tlocalhost", "x.c.test", 80, true},
      {",,a.test,,", "a.test", 80, true},
      {"a.test;b.test", "b.test", 80, false},
      {"", "example.com", 80, false},
      {".", "example.com", 80, false},
      {"www.example.*", "www.example.com", 80, false},
      {"", "", 80, false},
      {"*", "", 80, false},
  };
  for (const NoProxyCase& each : cases) expect(each);
}

TEST(NoProxy, TakesAStarForEverything) {
  for (const std::string_view list : {"*", " * ", "a.test,*"}) {
    expect({list, "example.com", 443, true});
    expect({list, "::1", 443, true});
    EXPECT_FALSE(NoProxy(list).empty());
  }
}

TEST(NoProxy, MatchesAddressesAndNetworks) {
  const NoProxyCase cases[] = {
      {"127.0.0.1", "127.0.0.1", 80, true},
      {"127.0.0.1", "127.0.0.2", 80, false},
      {"0x7f.0.0.1", "127.0.0.1", 80, true},
      {"127.0.0.1", "x.127.0.0.1", 80, false},
      {"0.0.1", "127.0.0.1", 80, false},
      {"192.168.0.0/16", "192.168.255.1", 80, true},
      {"192.168.0.0/16", "192.169.0.1", 80, false},
      {"192.168.0.1/32", "192.168.0.1", 80, true},
      {"192.168.0.1/31", "192.168.0.0", 80, true},
      {"192.168.0.1/31", "192.168.0.2", 80, false},
      {"10.128.0.0/9", "10.255.0.1", 80, true},
      {"10.128.0.0/9", "10.127.0.1", 80, false},
      {"0.0.0.0/0", "203.0.113.9", 80, true},
      {"0.0.0.0/0", "::1", 80, false},
      {"0.0.0.0/0", "example.com", 80, false},
      {"10.0.0.0/33", "10.0.0.0", 80, false},
      {"10.0.0.0/", "10.0.0.0", 80, false},
      {"10.0.0.0/8x", "10.0.0.0", 80, false},
      {"10.0.0.0/-8", "10.0.0.0", 80, false},
      {"::1", "::1", 80, true},
      {"[::1]", "::1", 80, true},
      {"0:0:0:0:0:0:0:1", "::1", 80, true},
      {"fe80::/10", "fe80::1", 80, true},
      {"fe80::/10", "febf::1", 80, true},
      {"fe80::/10", "fec0::1", 80, false},
      {"2001:db8::/129", "2001:db8::", 80, false},
      {"[2001:db8::]/32", "2001:db8:1::1", 80, true},
  };
  for (const NoProxyCase& each : cases) expect(each);
}

TEST(NoProxy, KeepsToThePortThatIsGiven) {
  const NoProxyCase cases[] = {
      {"example.com:8080", "example.com", 8080, true},
      {"example.com:8080", "www.example.com", 8080, true},
      {"example.com:8080", "example.com", 80, false},
      {"127.0.0.1:8080", "127.0.0.1", 8080, true},
      {"127.0.0.1:8080", "127.0.0.1", 80, false},
      {"[::1]:8080", "::1", 8080, true},
      {"[::1]:8080", "::1", 80, false},
      {"10.0.0.0/8:81", "10.1.2.3", 81, true},
      {"10.0.0.0/8:81", "10.1.2.3", 80, false},
      {"example.com:", "example.com", 80, false},
      {"example.com:0", "example.com", 80, false},
      {"example.com:99999", "example.com", 80, false},
      {"example.com:x", "example.com", 80, false},
      {":8080", "example.com", 8080, false},
  };
  for (const NoProxyCase& each : cases) expect(each);
}

}  // namespace
}  // namespace rondo::proto
