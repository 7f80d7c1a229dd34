// In which order, and how soon after one another, a session tries the addresses of a host. The
// sockets are real; the waiting takes no time, for the head starts are the only timers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rondo/dns/resolver.hpp"
#include "rondo/http/client_session.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using net::SocketAddress;
using ::testing::HasSubstr;
using namespace std::chrono_literals;
using Family = SocketAddress::Family;
using Addresses = std::vector<SocketAddress>;

/// Has the same addresses for every name, with ports of their own.
class FixedAddresses final : public dns::Resolver {
 public:
  explicit FixedAddresses(Addresses addresses) : addresses_(std::move(addresses)) {}

  Task<dns::Resolution> resolve(std::string, std::uint16_t, dns::Family) override {
    co_return dns::Resolution{addresses_, 60s};
  }

 private:
  Addresses addresses_;
};

/// A port that lets every attempt wait for ever: its queue of connections is full.
class SilentPort {
 public:
  explicit SilentPort(Family family)
      : listener_(SocketAddress::loopback(0, family), {.backlog = 0}) {}

  Task<> fill() { filling_ = co_await net::TcpStream::connect(address()); }

  [[nodiscard]] SocketAddress address() const { return listener_.local_address(); }

 private:
  net::TcpListener listener_;
  std::unique_ptr<net::ByteStream> filling_;
};

/// Nobody listens on the ports that only the system may give away.
SocketAddress refusing(std::uint16_t number, Family family) {
  return SocketAddress::loopback(number, family);
}

ConnectorOptions to(Addresses addresses) {
  ConnectorOptions options;
  options.resolver = std::make_shared<FixedAddresses>(std::move(addresses));
  return options;
}

/// Limits would be timers, which a virtual clock may reach before the system has connected.
SessionOptions without_limits(ConnectorOptions connector) {
  SessionOptions options;
  options.connector = std::move(connector);
  options.timeout = {.total = {}, .sock_connect = {}};
  return options;
}

class ConnectAttemptsTest : public test::EachBackend {
 protected:
  /// How long connecting takes where `silent` IPv6 addresses are in front of one that answers.
  Clock::duration time_to_connect(ConnectorOptions connector, std::size_t silent = 1) {
    return run(connect_past(std::move(connector), silent), {.time = &time_});
  }

  /// What is said when a session with `connector` has no address left.
  std::string complaint(ConnectorOptions connector) {
    return run(fail_to_connect(std::move(connector)), {.time = &time_});
  }

  /// Whether the first address, which says nothing, is waited for until the limit.
  bool waits_for_silence(ConnectorOptions connector) {
    return run(wait_for_silence(std::move(connector)), {.time = &time_});
  }

 private:
  static Task<> answer_once(net::TcpListener& listener) {
    const auto stream = co_await listener.accept();
    std::string request(65536, '\0');
    static_cast<void>(co_await stream->read(request));
    co_await stream->write("HTTP/1.1 204 Fine\r\n\r\n");
  }

  static Task<Clock::duration> time_of_connect(SessionOptions options) {
    const ClientSession session(std::move(options));
    const auto response = co_await session.get("http://a.test/");
    EXPECT_EQ(response.status(), 204);
    EXPECT_EQ(session.statistics().opened, 1U);
    co_return response.timings().connect;
  }

  static Task<Clock::duration> connect_past(ConnectorOptions connector, std::size_t silent) {
    SilentPort silence(Family::ipv6);
    co_await silence.fill();
    net::TcpListener listener(SocketAddress::loopback(0));
    Addresses addresses(silent, silence.address());
    addresses.push_back(listener.local_address());
    connector.resolver = std::make_shared<FixedAddresses>(std::move(addresses));
    auto both = co_await gather(time_of_connect(without_limits(std::move(connector))),
                                answer_once(listener));
    co_return std::get<0>(both);
  }

  static Task<std::string> fail_to_connect(ConnectorOptions connector) {
    const ClientSession session(without_limits(std::move(connector)));
    try {
      static_cast<void>(co_await session.get("http://a.test/"));
    } catch (const ClientConnectorError& error) {
      EXPECT_EQ(session.active_connections(), 0U);
      co_return error.what();
    }
    co_return "connected";
  }

  static Task<bool> wait_for_silence(ConnectorOptions connector) {
    SilentPort silence(Family::ipv6);
    co_await silence.fill();
    const net::TcpListener listener(SocketAddress::loopback(0));
    connector.resolver =
        std::make_shared<FixedAddresses>(Addresses{silence.address(), listener.local_address()});
    SessionOptions options = without_limits(std::move(connector));
    options.timeout = {.total = 2h, .sock_connect = 1h};
    const ClientSession session(std::move(options));
    try {
      static_cast<void>(co_await session.get("http://a.test/"));
    } catch (const ConnectionTimeoutError&) {
      co_return true;
    } catch (const ClientError&) {
      co_return false;
    }
    co_return false;
  }

  testing::VirtualTime time_;
};
RONDO_ON_EACH_BACKEND(ConnectAttemptsTest);

TEST_P(ConnectAttemptsTest, GoPastAnAddressThatSaysNothing) {
  EXPECT_EQ(time_to_connect({}), 250ms);
}

TEST_P(ConnectAttemptsTest, GiveTheHeadStartThatTheyAreTold) {
  ConnectorOptions connector;
  connector.happy_eyeballs_delay = 40ms;
  EXPECT_EQ(time_to_connect(connector), 40ms);
}

TEST_P(ConnectAttemptsTest, WaitForOneAnotherWithoutAHeadStart) {
  ConnectorOptions connector;
  connector.happy_eyeballs_delay.reset();
  EXPECT_TRUE(waits_for_silence(connector));
}

TEST_P(ConnectAttemptsTest, TakeTheFamiliesInTurnsAsTheyAreTold) {
  ConnectorOptions connector;
  connector.happy_eyeballs_delay = 100ms;
  EXPECT_EQ(time_to_connect(connector, 3), 100ms) << "one, then the other family";
  connector.interleave = 2;
  EXPECT_EQ(time_to_connect(connector, 3), 200ms);
  connector.interleave = 0;
  EXPECT_EQ(time_to_connect(connector, 3), 300ms) << "the resolver's order";
}

TEST_P(ConnectAttemptsTest, AreToldOfInTheirOrderWhenAllHaveFailed) {
  ConnectorOptions connector = to({refusing(1, Family::ipv6), refusing(2, Family::ipv6),
                                   refusing(3, Family::ipv4), refusing(4, Family::ipv4)});
  connector.happy_eyeballs_delay.reset();
  const std::string refused = ": Connection refused";
  EXPECT_THAT(complaint(connector), HasSubstr("[::1]:1" + refused + "; 127.0.0.1:3" + refused +
                                              "; [::1]:2" + refused + "; 127.0.0.1:4" + refused));
  connector.interleave = 0;
  EXPECT_THAT(complaint(connector),
              HasSubstr("[::1]:1" + refused + "; [::1]:2" + refused + "; 127.0.0.1:3" + refused +
                        "; 127.0.0.1:4" + refused));
}

}  // namespace
}  // namespace rondo::http
