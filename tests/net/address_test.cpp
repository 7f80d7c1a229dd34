#include "rondo/net/address.hpp"

#include <gtest/gtest.h>
#include <net/if.h>

#include <unordered_set>

namespace rondo::net {
namespace {

using Family = SocketAddress::Family;

/// What `text` reads as, written again; "nothing" if it is no address.
std::string reread(std::string_view text) {
  const auto address = SocketAddress::parse(text);
  return address ? address->to_string() : "nothing";
}

TEST(SocketAddress, ReadsAndWritesIpv4) {
  EXPECT_EQ(reread("127.0.0.1:80"), "127.0.0.1:80");
  EXPECT_EQ(reread("255.255.255.255:65535"), "255.255.255.255:65535");
  EXPECT_EQ(reread("10.1.2.3"), "10.1.2.3:0");
}

TEST(SocketAddress, ReadsAndWritesIpv6) {
  EXPECT_EQ(reread("[::1]:443"), "[::1]:443");
  EXPECT_EQ(reread("::1"), "[::1]:0");
  EXPECT_EQ(reread("[2001:DB8:0:0:0:0:0:1]:8080"), "[2001:db8::1]:8080");
  EXPECT_EQ(reread("::ffff:127.0.0.1"), "[::ffff:127.0.0.1]:0");
}

TEST(SocketAddress, ReadsAnIpv6ZoneByNameAndByNumber) {
  const std::string index = std::to_string(::if_nametoindex("lo"));
  EXPECT_EQ(reread("[fe80::1%lo]:80"), "[fe80::1%" + index + "]:80");
  EXPECT_EQ(reread("fe80::1%77777"), "[fe80::1%77777]:0");
  EXPECT_EQ(SocketAddress::parse("fe80::1%7")->scope(), 7u);
  EXPECT_EQ(reread("fe80::1%no-such-interface"), "nothing");
  EXPECT_EQ(reread("fe80::1%0"), "nothing");
  EXPECT_EQ(reread("fe80::1%"), "nothing");
}

TEST(SocketAddress, ReadsAndWritesUnixSockets) {
  EXPECT_EQ(reread("unix:/run/x.sock"), "unix:/run/x.sock");
  EXPECT_EQ(reread("unix:@name"), "unix:@name");
  EXPECT_EQ(SocketAddress::parse("unix:@name")->path(), std::string_view("\0name", 5));
}

TEST(SocketAddress, RefusesWhatIsNoAddress) {
  for (const char* text :
       {"",           ":",           ":80",         "localhost", "localhost:80", "1.2.3",
        "1.2.3.4.5",  "01.2.3.4",    "0x7f.0.0.1",  "256.0.0.1", "1.2.3.4:",     "1.2.3.4:65536",
        "1.2.3.4:-1", "1.2.3.4: 80", "1.2.3.4:80x", " 1.2.3.4",  "[1.2.3.4]:80", "[::1",
        "[::1]80",    "[::1]:",      "[::1]x:80",   "::1]:80",   ":::",          "1::2::3",
        "g::1",       "unix:"}) {
    EXPECT_EQ(reread(text), "nothing") << text;
  }
  EXPECT_FALSE(SocketAddress::parse(std::string_view("127.0.0.1\0.5", 12)));
  EXPECT_FALSE(SocketAddress::parse(std::string_view("[::1]:80\0", 9)));
}

TEST(SocketAddress, TellsItsParts) {
  const auto v4 = SocketAddress::ipv4({192, 0, 2, 7}, 8080);
  EXPECT_EQ(v4.family(), Family::ipv4);
  EXPECT_EQ(v4.port(), 8080);
  EXPECT_EQ(v4.ip_string(), "192.0.2.7");
  EXPECT_EQ((std::vector<std::uint8_t>(v4.ip_bytes().begin(), v4.ip_bytes().end())),
            (std::vector<std::uint8_t>{192, 0, 2, 7}));
  const auto v6 = SocketAddress::loopback(443, Family::ipv6);
  EXPECT_EQ(v6.family(), Family::ipv6);
  EXPECT_EQ(v6.ip_bytes().size(), 16u);
  EXPECT_EQ(v6.ip_bytes().back(), 1);
  EXPECT_EQ(v6.ip_string(), "::1");
  EXPECT_TRUE(v6.path().empty());
}

TEST(SocketAddress, ChangesItsPortOnly) {
  EXPECT_EQ(SocketAddress::parse("[fe80::1%3]:80")->with_port(81).to_string(), "[fe80::1%3]:81");
  EXPECT_EQ(SocketAddress::loopback(1).with_port(2), SocketAddress::loopback(2));
  EXPECT_EQ(SocketAddress::unix_path("/x").with_port(2), SocketAddress::unix_path("/x"));
}

TEST(SocketAddress, IsNoAddressByDefault) {
  const SocketAddress none;
  EXPECT_EQ(none.family(), Family::none);
  EXPECT_FALSE(none.is_ip());
  EXPECT_EQ(none.port(), 0);
  EXPECT_TRUE(none.ip_bytes().empty());
  EXPECT_EQ(none.to_string(), "none");
}

TEST(SocketAddress, IsEqualWhenAllPartsAre) {
  const auto address = SocketAddress::loopback(80);
  EXPECT_EQ(address, *SocketAddress::parse("127.0.0.1:80"));
  EXPECT_NE(address, SocketAddress::loopback(81));
  EXPECT_NE(address, SocketAddress::loopback(80, Family::ipv6));
  EXPECT_NE(*SocketAddress::parse("fe80::1%1"), *SocketAddress::parse("fe80::1%2"));
  EXPECT_NE(SocketAddress::unix_path("/a"), SocketAddress::unix_abstract("/a"));
  const std::unordered_set<SocketAddress> set{address, SocketAddress::loopback(80),
                                              SocketAddress()};
  EXPECT_EQ(set.size(), 2u);
}

TEST(SocketAddress, SurvivesTheWayThroughTheSystemForm) {
  for (const char* text : {"127.0.0.1:80", "[fe80::1%9]:80", "unix:/run/x.sock", "unix:@name"}) {
    const SocketAddress address = *SocketAddress::parse(text);
    EXPECT_EQ(SocketAddress::from_system(address.data(), address.size()), address) << text;
  }
  const SocketAddress address = SocketAddress::loopback(80);
  EXPECT_EQ(SocketAddress::from_system(address.data(), 3), SocketAddress());
  EXPECT_EQ(SocketAddress::from_system(address.data(), 0), SocketAddress());
}

TEST(SocketAddress, RefusesUnixPathsThatTheSystemCannotTake) {
  EXPECT_NO_THROW(static_cast<void>(SocketAddress::unix_path(std::string(107, 'x'))));
  EXPECT_THROW(static_cast<void>(SocketAddress::unix_path(std::string(108, 'x'))), AddressError);
  EXPECT_THROW(static_cast<void>(SocketAddress::unix_path("")), AddressError);
  EXPECT_THROW(static_cast<void>(SocketAddress::unix_path(std::string_view("/a\0b", 4))),
               AddressError);
  EXPECT_NO_THROW(static_cast<void>(SocketAddress::unix_abstract(std::string(107, 'x'))));
  EXPECT_THROW(static_cast<void>(SocketAddress::unix_abstract(std::string(108, 'x'))),
               AddressError);
}

}  // namespace
}  // namespace rondo::net
