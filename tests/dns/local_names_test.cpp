#include "rondo/dns/local_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dns/resolve_expect.hpp"

namespace rondo::dns {
namespace {

using ::testing::ElementsAre;

TEST(LocalNames, TakeAnAddressAsItIs) {
  EXPECT_THAT(texts(resolve_locally("192.0.2.1", 80, Family::any).value()),
              ElementsAre("192.0.2.1:80"));
  EXPECT_THAT(texts(resolve_locally("2001:db8::1", 80, Family::ipv6).value()),
              ElementsAre("[2001:db8::1]:80"));
  EXPECT_THAT(texts(resolve_locally("[2001:db8::1]", 80, Family::any).value()),
              ElementsAre("[2001:db8::1]:80"));
}

TEST(LocalNames, TakeLocalhostAndWhatIsBelowItForLoopback) {
  for (const char* host :
       {"localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost."}) {
    EXPECT_THAT(texts(resolve_locally(host, 80, Family::any).value()),
                ElementsAre("[::1]:80", "127.0.0.1:80"))
        << host;
  }
  EXPECT_THAT(texts(resolve_locally("localhost", 80, Family::ipv4).value()),
              ElementsAre("127.0.0.1:80"));
  EXPECT_THAT(texts(resolve_locally("localhost", 80, Family::ipv6).value()),
              ElementsAre("[::1]:80"));
}

TEST(LocalNames, LeaveOtherNamesAlone) {
  for (const char* host : {"a.test", "mylocalhost", "localhost.test", "1.2.3", "", "[", "[]"}) {
    EXPECT_FALSE(resolve_locally(host, 80, Family::any)) << host;
  }
}

TEST(LocalNames, SayThatAnAddressIsOfTheOtherFamily) {
  try {
    static_cast<void>(resolve_locally("127.0.0.1", 80, Family::ipv6));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const ResolveError& error) {
    EXPECT_EQ(error.kind(), Kind::no_address);
    EXPECT_STREQ(error.what(), "cannot resolve 127.0.0.1: it has no IPv6 address");
  }
}

std::string problem_with(const std::string& host) {
  try {
    require_host_name(host);
  } catch (const ResolveError& error) {
    return error.what();
  }
  return "";
}

TEST(HostName, MayBeAsLongAsDnsAllows) {
  const std::string label(63, 'x');
  EXPECT_EQ(problem_with(label), "");
  EXPECT_EQ(problem_with("a_b-c.test."), "");
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'x');
  EXPECT_EQ(longest.size(), 253u);
  EXPECT_EQ(problem_with(longest), "");
  EXPECT_EQ(problem_with(longest + "."), "");
  EXPECT_NE(problem_with(longest + "x"), "");
  EXPECT_NE(problem_with(label + "x"), "");
}

TEST(HostName, HasNoEmptyPart) {
  for (const char* host : {"", ".", "..", ".a", "a..b", "a.."}) {
    EXPECT_NE(problem_with(host), "") << host;
  }
}

TEST(HostName, IsShownWithoutWhatATerminalWouldObey) {
  EXPECT_EQ(problem_with("a\x1b[2J.test"),
            "cannot resolve a?[2J.test: a host name has no such characters");
}

}  // namespace
}  // namespace rondo::dns
