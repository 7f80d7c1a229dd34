// Against a real dnsmasq.

#include "rondo/dns/cares_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "rondo/net/tcp.hpp"
#include "rondo/runtime/gather.hpp"

#include "tests/dns/resolve_expect.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/dnsmasq.hpp"
#include "tests/support/each_backend.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::dns {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

std::vector<std::string> zone() {
  std::vector<std::string> lines{
      "host-record=dual.test,192.0.2.1,2001:db8::1,77",
      "host-record=v4.test,192.0.2.4,60",
      "cname=alias.test,dual.test,33",
      "txt-record=text.test,no address here",
      "address=/wild.test/192.0.2.99",
  };
  for (int i = 1; i <= 60; ++i) {
    lines.push_back("host-record=many.test,192.0.2." + std::to_string(i) + ",60");
  }
  return lines;
}

class CaresResolverTest : public test::EachBackend {
 protected:
  static void SetUpTestSuite() { server_ = std::make_unique<test::Dnsmasq>(zone()); }
  static void TearDownTestSuite() { server_.reset(); }

  static test::Dnsmasq& server() { return *server_; }
  static CaresOptions to_server() { return {.servers = {server_->address()}}; }

  CaresResolver resolver_{to_server()};

 private:
  static inline std::unique_ptr<test::Dnsmasq> server_;
};
RONDO_ON_EACH_BACKEND(CaresResolverTest);

TEST_P(CaresResolverTest, FindsTheAddressesOfBothFamilies) {
  EXPECT_THAT(run(addresses_of(resolver_, "dual.test")),
              ElementsAre("192.0.2.1:80", "[2001:db8::1]:80"));
}

TEST_P(CaresResolverTest, FindsThoseOfTheFamilyItIsAskedFor) {
  EXPECT_THAT(run(addresses_of(resolver_, "dual.test", Family::ipv4)), ElementsAre("192.0.2.1:80"));
  CaresResolver second(to_server());
  EXPECT_THAT(run(addresses_of(second, "dual.test", Family::ipv6)),
              ElementsAre("[2001:db8::1]:80"));
}

TEST_P(CaresResolverTest, TellsTheTtl) {
  EXPECT_EQ(run(resolver_.resolve("dual.test", 80, Family::any)).ttl, 77s);
}

Task<> follow_alias(CaresResolver& resolver) {
  const Resolution resolution = co_await resolver.resolve("alias.test", 443, Family::ipv4);
  EXPECT_THAT(texts(resolution), ElementsAre("192.0.2.1:443"));
  EXPECT_EQ(resolution.ttl, 33s);
}

TEST_P(CaresResolverTest, FollowsAnAliasAndKeepsToTheShorterTtl) {
  run(follow_alias(resolver_));
}

TEST_P(CaresResolverTest, AsksAgainByTcpWhenAnAnswerIsTooLongForADatagram) {
  EXPECT_EQ(run(addresses_of(resolver_, "many.test")).size(), 60u);
}

TEST_P(CaresResolverTest, SaysThatThereIsNoSuchName) {
  EXPECT_EQ(run(failure_of(resolver_, "missing.test", Kind::not_found)),
            "cannot resolve missing.test: there is no such name");
}

TEST_P(CaresResolverTest, SaysThatANameHasNoAddress) {
  EXPECT_EQ(run(failure_of(resolver_, "text.test", Kind::no_address)),
            "cannot resolve text.test: it has no address");
}

TEST_P(CaresResolverTest, SaysWhichFamilyIsMissing) {
  EXPECT_EQ(run(failure_of(resolver_, "v4.test", Kind::no_address, Family::ipv6)),
            "cannot resolve v4.test: it has no IPv6 address");
}

TEST_P(CaresResolverTest, SaysThatTheServerRefuses) {
  EXPECT_EQ(run(failure_of(resolver_, "example.com", Kind::refused)),
            "cannot resolve example.com: the DNS server refuses to answer");
}

TEST_P(CaresResolverTest, GoesOnToTheNextServer) {
  const test::RefusingPort nobody;
  CaresResolver resolver({.servers = {nobody.address(), server().address()}});
  EXPECT_THAT(run(addresses_of(resolver, "v4.test")), ElementsAre("192.0.2.4:80"));
}

TEST_P(CaresResolverTest, SaysThatNoServerCouldBeReached) {
  const test::RefusingPort nobody;
  CaresResolver resolver({.servers = {nobody.address()}});
  EXPECT_EQ(run(failure_of(resolver, "v4.test", Kind::unreachable)),
            "cannot resolve v4.test: no DNS server could be reached, or none gave an answer");
}

/// Connects, and sends a byte across: fails where the reactor believes to know the descriptors.
Task<> talk() {
  net::TcpListener listener(net::SocketAddress::loopback(0));
  auto both = co_await gather(net::TcpStream::connect(listener.local_address()), listener.accept());
  auto& [client, server] = both;
  co_await client->write("x");
  std::string byte(1, '\0');
  EXPECT_EQ(co_await server->read(byte), 1u);
}

Task<> resolve_and_talk(CaresResolver& resolver) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(co_await addresses_of(resolver, "v4.test"), ElementsAre("192.0.2.4:80"));
    co_await talk();
  }
}

TEST_P(CaresResolverTest, LeavesDescriptorNumbersFitForOthers) {
  run(resolve_and_talk(resolver_));
}

Task<> ask_for_many(CaresResolver& resolver) {
  std::vector<Task<std::vector<std::string>>> tasks;
  for (int i = 0; i < 100; ++i) {
    tasks.push_back(addresses_of(resolver, "n" + std::to_string(i) + ".wild.test", Family::ipv4));
  }
  const auto answers = co_await gather(std::move(tasks));
  EXPECT_EQ(answers.size(), 100u);
  for (const auto& answer : answers) EXPECT_THAT(answer, ElementsAre("192.0.2.99:80"));
}

TEST_P(CaresResolverTest, AnswersManyAtOnce) {
  run(ask_for_many(resolver_));
}

TEST_P(CaresResolverTest, AnswersAddressesAndLocalhostWithoutAQuestion) {
  EXPECT_THAT(run(addresses_of(resolver_, "127.0.0.9")), ElementsAre("127.0.0.9:80"));
  EXPECT_THAT(run(addresses_of(resolver_, "[::9]")), ElementsAre("[::9]:80"));
  EXPECT_THAT(run(addresses_of(resolver_, "Api.LocalHost")),
              ElementsAre("127.0.0.1:80", "[::1]:80"));
  for (const char* name : {"127.0.0.9", "::9", "Api.LocalHost", "api.localhost"}) {
    for (const char* type : {"A", "AAAA"}) EXPECT_EQ(server().queries(type, name), 0) << name;
  }
}

/// Puts an environment variable in place while it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

TEST_P(CaresResolverTest, LooksIntoTheHostsFileFirst) {
  const test::TemporaryDirectory directory;
  const Variable hosts("CARES_HOSTS", directory.write("hosts", "192.0.2.55 v4.test\n").string());
  EXPECT_THAT(run(addresses_of(resolver_, "v4.test")), ElementsAre("192.0.2.55:80"));
}

TEST_P(CaresResolverTest, RefusesWhatIsNoHostName) {
  for (const std::string& host :
       {std::string(), std::string("a..test"), std::string("."), std::string("a b.test"),
        std::string("a\0.test", 7), std::string("\xc3\xa4.test"), std::string("a\\.test"),
        std::string(64, 'x') + ".test", std::string(300, 'x')}) {
    CaresResolver resolver(to_server());
    run(failure_of(resolver, host, Kind::bad_name));
  }
}

TEST_P(CaresResolverTest, LeavesNothingBehind) {
  const auto before = test::open_descriptors();
  run(addresses_of(resolver_, "dual.test"));
  run(failure_of(*std::make_unique<CaresResolver>(to_server()), "missing.test", Kind::not_found));
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST(CaresOptions, NamesAServerThatIsNoAddress) {
  try {
    const CaresResolver resolver({.servers = {"127.0.0.1", "dns.test"}});
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "the DNS server 'dns.test' is not an address such as 192.0.2.1 or "
                 "[2001:db8::1]:53");
  }
  EXPECT_THROW(CaresResolver({.servers = {"unix:/x"}}), std::invalid_argument);
  EXPECT_THROW(CaresResolver({.timeout = 0ms}), std::invalid_argument);
  EXPECT_THROW(CaresResolver({.tries = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace rondo::dns
