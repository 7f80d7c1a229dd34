#include "rondo/dns/static_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rondo/runtime/run.hpp"

#include "tests/dns/fake_resolver.hpp"
#include "tests/dns/resolve_expect.hpp"

namespace rondo::dns {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StaticResolverTest : public ::testing::Test {
 protected:
  std::shared_ptr<FakeResolver> source_ = std::make_shared<FakeResolver>();
  StaticResolver resolver_{
      {{"A.test", 80, {"192.0.2.7", "::7"}}, {"v6.test", 80, {"::6"}}, {"[::1]", 80, {"::5"}}},
      source_};
};

TEST_F(StaticResolverTest, AnswersForItsHostsAndPorts) {
  const Resolution resolution = run(resolver_.resolve("a.test", 80, Family::any));
  EXPECT_THAT(texts(resolution), ElementsAre("192.0.2.7:80", "[::7]:80"));
  EXPECT_GT(resolution.ttl.count(), 0);
  EXPECT_THAT(source_->asked, IsEmpty());
}

TEST_F(StaticResolverTest, ComparesHostsWithoutCaseAndLastDot) {
  EXPECT_THAT(run(addresses_of(resolver_, "a.TEST.")), ElementsAre("192.0.2.7:80", "[::7]:80"));
}

TEST_F(StaticResolverTest, AsksTheOtherResolverForOtherHostsAndPorts) {
  EXPECT_THAT(texts(run(resolver_.resolve("a.test", 443, Family::any))),
              ElementsAre("192.0.2.1:443"));
  EXPECT_THAT(run(addresses_of(resolver_, "b.test")), ElementsAre("192.0.2.1:80"));
  EXPECT_THAT(source_->asked, ElementsAre("a.test", "b.test"));
}

TEST_F(StaticResolverTest, GivesAddressesOfTheFamilyItIsAskedFor) {
  EXPECT_THAT(run(addresses_of(resolver_, "a.test", Family::ipv6)), ElementsAre("[::7]:80"));
  EXPECT_EQ(run(failure_of(resolver_, "v6.test", Kind::no_address, Family::ipv4)),
            "cannot resolve v6.test: it has no IPv4 address");
}

TEST_F(StaticResolverTest, LetsTheLastOfTwoEntriesCount) {
  StaticResolver resolver({{"a.test", 80, {"192.0.2.1"}}, {"a.test", 80, {"192.0.2.2"}}}, source_);
  EXPECT_THAT(run(addresses_of(resolver, "a.test")), ElementsAre("192.0.2.2:80"));
}

TEST_F(StaticResolverTest, RefusesEntriesWithoutAnAddress) {
  EXPECT_THROW(StaticResolver({{"a.test", 80, {}}}, source_), std::invalid_argument);
  try {
    const StaticResolver resolver({{"a.test", 80, {"b.test"}}}, source_);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "the static entry for 'a.test' has 'b.test', which is not an IP address");
  }
}

}  // namespace
}  // namespace rondo::dns
