#include "rondo/net/address_class.hpp"

#include <gtest/gtest.h>

#include <span>

namespace rondo::net {
namespace {

using enum AddressClass;

struct Case {
  const char* address;
  AddressClass kind;
};

void expect_classes(std::span<const Case> cases) {
  for (const auto& [text, kind] : cases) {
    const SocketAddress address = SocketAddress::parse(text).value();
    EXPECT_EQ(classify(address), kind) << text << " is " << describe(classify(address));
    EXPECT_EQ(is_public(address), kind == global) << text;
  }
}

// First and last addresses of each range, and their neighbours.
constexpr Case kIpv4[] = {
    {"0.0.0.0", unspecified},
    {"0.0.0.1", reserved},
    {"0.255.255.255", reserved},
    {"1.0.0.0", global},
    {"9.255.255.255", global},
    {"10.0.0.0", private_use},
    {"10.255.255.255", private_use},
    {"11.0.0.0", global},
    {"100.63.255.255", global},
    {"100.64.0.0", shared},
    {"100.127.255.255", shared},
    {"100.128.0.0", global},
    {"126.255.255.255", global},
    {"127.0.0.0", loopback},
    {"127.255.255.255", loopback},
    {"128.0.0.0", global},
    {"169.253.255.255", global},
    {"169.254.0.0", link_local},
    {"169.254.169.254", link_local},
    {"169.255.0.0", global},
    {"172.15.255.255", global},
    {"172.16.0.0", private_use},
    {"172.31.255.255", private_use},
    {"172.32.0.0", global},
    {"191.255.255.255", global},
    {"192.0.0.0", reserved},
    {"192.0.0.8", reserved},
    {"192.0.0.9", global},
    {"192.0.0.10", global},
    {"192.0.0.11", reserved},
    {"192.0.0.170", reserved},
    {"192.0.1.0", global},
    {"192.0.2.255", documentation},
    {"192.0.3.0", global},
    {"192.31.196.1", global},
    {"192.52.193.1", global},
    {"192.88.99.1", reserved},
    {"192.167.255.255", global},
    {"192.168.0.0", private_use},
    {"192.168.255.255", private_use},
    {"192.169.0.0", global},
    {"192.175.48.1", global},
    {"198.17.255.255", global},
    {"198.18.0.0", benchmarking},
    {"198.19.255.255", benchmarking},
    {"198.20.0.0", global},
    {"198.51.100.1", documentation},
    {"203.0.113.1", documentation},
    {"223.255.255.255", global},
    {"224.0.0.0", multicast},
    {"239.255.255.255", multicast},
    {"240.0.0.0", reserved},
    {"255.255.255.254", reserved},
    {"255.255.255.255", broadcast},
    {"8.8.8.8", global},
};
TEST(AddressClass, FollowsTheIpv4Registry) {
  expect_classes(kIpv4);
}

constexpr Case kIpv6[] = {
    {"::", unspecified},
    {"::1", loopback},
    {"::2", reserved},
    {"::127.0.0.1", reserved},
    {"::8.8.8.8", reserved},
    {"100::", reserved},
    {"1fff:ffff::", reserved},
    {"2000::", global},
    {"2001::1", reserved},
    {"2001:1::1", global},
    {"2001:1::3", global},
    {"2001:1::4", reserved},
    {"2001:2::1", benchmarking},
    {"2001:2:1::1", reserved},
    {"2001:3::1", global},
    {"2001:4:112::1", global},
    {"2001:4:113::1", reserved},
    {"2001:10::1", reserved},
    {"2001:20::1", global},
    {"2001:2f:ffff::1", global},
    {"2001:30::1", global},
    {"2001:40::1", reserved},
    {"2001:1ff:ffff::1", reserved},
    {"2001:200::1", global},
    {"2001:db7:ffff::1", global},
    {"2001:db8::1", documentation},
    {"2001:db9::1", global},
    {"2606:4700:4700::1111", global},
    {"3ffe:ffff::1", global},
    {"3fff::1", documentation},
    {"3fff:fff:ffff::1", documentation},
    {"3fff:1000::1", global},
    {"4000::", reserved},
    {"5f00::1", reserved},
    {"fbff::1", reserved},
    {"fc00::1", private_use},
    {"fd12:3456::1", private_use},
    {"fe00::1", reserved},
    {"fe80::1", link_local},
    {"febf::1", link_local},
    {"fec0::1", private_use},
    {"ff02::1", multicast},
};
TEST(AddressClass, FollowsTheIpv6Registry) {
  expect_classes(kIpv6);
}

constexpr Case kEmbedded[] = {
    {"::ffff:127.0.0.1", loopback},
    {"::ffff:10.0.0.1", private_use},
    {"::ffff:169.254.169.254", link_local},
    {"::ffff:8.8.8.8", global},
    {"::ffff:0:8.8.8.8", reserved},
    {"64:ff9b::10.0.0.1", private_use},
    {"64:ff9b::7f00:1", loopback},
    {"64:ff9b::8.8.8.8", global},
    {"64:ff9b:1::8.8.8.8", reserved},
    {"2002:7f00:1::1", loopback},
    {"2002:c0a8:101::1", private_use},
    {"2002:a9fe:a9fe::", link_local},
    {"2002:808:808::1", global},
};
TEST(AddressClass, LooksAtTheIpv4AddressInsideAnIpv6One) {
  expect_classes(kEmbedded);
}

TEST(AddressClass, KnowsNoPublicUnixSocket) {
  EXPECT_EQ(classify(SocketAddress::unix_path("/x")), local_socket);
  EXPECT_FALSE(is_public(SocketAddress::unix_path("/x")));
  EXPECT_EQ(classify(SocketAddress()), none);
  EXPECT_FALSE(is_public(SocketAddress()));
}

TEST(AddressClass, HasWordsForEachKind) {
  EXPECT_EQ(describe(loopback), "a loopback address");
  EXPECT_EQ(describe(private_use), "an address of a private network");
  EXPECT_EQ(describe(none), "no address");
}

}  // namespace
}  // namespace rondo::net
