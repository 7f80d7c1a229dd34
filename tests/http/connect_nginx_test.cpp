// How a connection comes about: by DNS, static entries, a Unix socket; and what stands in its way.

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/http_server.hpp"

#include "tests/dns/udp_name_server.hpp"
#include "tests/http/nginx_fixture.hpp"
#include "tests/support/dnsmasq.hpp"
#include "tests/support/loopback_port.hpp"

namespace rondo::http {
namespace {

using test::UdpNameServer;
using ::testing::HasSubstr;
using testing::HttpReply;
using testing::HttpServer;
using namespace std::chrono_literals;

class ConnectNginxTest : public NginxTest {
 protected:
  static const test::Dnsmasq& dnsmasq() {
    static const test::Dnsmasq instance(
        {"host-record=four.test,127.0.0.1", "host-record=six.test,::1",
         "host-record=both.test,127.0.0.1,::1", "txt-record=text.test,no address here"});
    return instance;
  }

  /// A session's that asks dnsmasq.
  static SessionOptions asking() {
    SessionOptions options;
    options.connector.dns_servers = {dnsmasq().address()};
    return options;
  }

  static std::string at(std::string_view host) { return nginx().url(Site::plain, "/small", host); }
};
RONDO_ON_EACH_BACKEND(ConnectNginxTest);

TEST_P(ConnectNginxTest, FindsNamesByDns) {
  const std::string port = std::to_string(nginx().port(Site::plain));
  EXPECT_EQ(run(remote_of(asking(), at("four.test"))), "127.0.0.1:" + port);
  EXPECT_EQ(run(remote_of(asking(), at("six.test"))), "[::1]:" + port);
  EXPECT_THAT(run(remote_of(asking(), at("both.test"))), HasSubstr(":" + port));
}

Task<std::string> dns_error(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  std::string text = co_await RONDO_FAILURE_OF(ClientConnectorDNSError, session.get(url));
  EXPECT_EQ(session.active_connections(), 0u);
  co_return text;
}

TEST_P(ConnectNginxTest, SaysThatANameHasNoAddress) {
  EXPECT_THAT(run(dns_error(asking(), at("nope.test"))), HasSubstr("nope.test"));
  EXPECT_THAT(run(dns_error(asking(), at("text.test"))), HasSubstr("text.test"));
}

Task<> answer_after(const UdpNameServer& server, Clock::duration delay) {
  while (true) {
    const UdpNameServer::Query query = co_await server.next_query();
    co_await sleep(delay);
    server.answer(query, {127, 0, 0, 1}, 60);
  }
}

Task<> ask_slow_server(std::string url) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    const UdpNameServer server;
    const auto answering = group.spawn(answer_after, std::cref(server), 50ms);
    SessionOptions options;
    options.connector.dns_servers = {server.address()};
    const ClientSession session(std::move(options));
    auto response = co_await session.get(url, {.timeout = 20s});
    EXPECT_EQ(co_await response.text(), "small");
    EXPECT_GE(response.timings().dns, 50ms);
    group.cancel();
    co_await answering.wait();
  });
}

TEST_P(ConnectNginxTest, WaitsForASlowNameServer) {
  run(ask_slow_server(at("slow.test")));
}

Task<> ask_silent_server(std::string url) {
  const UdpNameServer server;
  SessionOptions options;
  options.connector.dns_servers = {server.address()};
  options.timeout.sock_connect = 50ms;
  const ClientSession session(std::move(options));
  const std::string text = co_await RONDO_FAILURE_OF(ConnectionTimeoutError, session.get(url));
  EXPECT_THAT(text, HasSubstr("silent.test"));
  EXPECT_EQ(session.active_connections(), 0u);
}

TEST_P(ConnectNginxTest, EndsAQuestionThatNobodyAnswers) {
  run(ask_silent_server(at("silent.test")));
}

TEST_P(ConnectNginxTest, PrefersStaticEntries) {
  SessionOptions options = asking();
  const auto port = static_cast<std::uint16_t>(nginx().port(Site::plain));
  options.connector.static_entries = {{"static.test", port, {"127.0.0.1"}}};
  EXPECT_EQ(run(remote_of(options, at("static.test"))), "127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(run(remote_of(options, at("four.test"))), "127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(dnsmasq().queries("A", "static.test"), 0);
}

/// Says of all hosts that they are here.
class Here final : public dns::Resolver {
 public:
  Task<dns::Resolution> resolve(std::string host, std::uint16_t port, dns::Family) override {
    asked.push_back(std::move(host));
    co_return dns::Resolution{{net::SocketAddress::ipv4({127, 0, 0, 1}, port)}, 60s};
  }

  std::vector<std::string> asked;
};

Task<> ask_a_resolver_of_the_user(std::vector<std::string> urls) {
  SessionOptions options;
  const auto here = std::make_shared<Here>();
  options.connector.resolver = here;
  for (const std::string& url : urls) {
    const ClientSession session(options);
    EXPECT_EQ(co_await text_of(session, url), "small");
  }
  EXPECT_EQ(here->asked, std::vector<std::string>({"one.test", "two.test"}));
  options.connector.deny_private = true;
  const ClientSession session(options);
  const std::string text = co_await RONDO_FAILURE_OF(AddressDenied, session.get(urls.front()));
  EXPECT_THAT(text, HasSubstr("one.test is not public"));
}

TEST_P(ConnectNginxTest, AsksAResolverOfTheUserButTrustsItNoMore) {
  run(ask_a_resolver_of_the_user({at("one.test"), at("two.test")}));
}

TEST_P(ConnectNginxTest, ConnectsToAUnixSocketWhateverTheUrlSays) {
  SessionOptions options = asking();
  options.connector.unix_socket = nginx().unix_socket();
  EXPECT_THAT(run(remote_of(options, "http://nope.test/small")), HasSubstr(nginx().unix_socket()));
}

Task<> reach_private(SessionOptions options, std::vector<std::string> urls) {
  options.connector.deny_private = true;
  const ClientSession session(std::move(options));
  for (const std::string& url : urls) {
    EXPECT_THAT(co_await RONDO_FAILURE_OF(AddressDenied, session.get(url)),
                HasSubstr("not public"));
  }
}

TEST_P(ConnectNginxTest, DeniesPrivateAddressesOfAnySpelling) {
  run(reach_private(asking(), {at("127.0.0.1"), at("[::1]"), at("four.test"), at("localhost"),
                               at("2130706433"), at("[::ffff:127.0.0.1]")}));
}

Task<> connect_to_nobody(std::string url) {
  const ClientSession session;
  EXPECT_THAT(co_await RONDO_FAILURE_OF(ClientConnectorError, session.get(url)),
              HasSubstr("refused"));
  EXPECT_EQ(session.active_connections(), 0u);
}

TEST_P(ConnectNginxTest, SaysThatThePortIsRefused) {
  const test::RefusingPort nobody;
  run(connect_to_nobody(nobody.url()));
}

/// A server that resets, cuts, hangs, and leaves every second request of a connection unanswered.
void misbehave(HttpServer& server) {
  HttpReply nothing;
  nothing.cut_at = 0;
  nothing.ending = testing::ReplyEnding::reset;
  server.on("/reset", nothing);
  nothing.ending = testing::ReplyEnding::close;
  server.on("/close", nothing);
  nothing.ending = testing::ReplyEnding::silence;
  server.on("/silence", nothing);
  HttpReply half = HttpReply::text(std::string(1000, 'x'));
  half.cut_at = 500;
  half.ending = testing::ReplyEnding::close;
  server.on("/half", half);
  server.on("/once", [](const testing::HttpRequest& request) -> Task<HttpReply> {
    HttpReply reply = HttpReply::text(std::to_string(request.connection));
    if (request.number % 2 == 0) {
      reply.cut_at = 0;
      reply.ending = testing::ReplyEnding::close;
    }
    co_return reply;
  });
}

Task<> meet_misbehaviour(const HttpServer& server) {
  const ClientSession session;
  const std::string reset =
      co_await RONDO_FAILURE_OF(ServerDisconnectedError, session.get(server.url("/reset")));
  EXPECT_THAT(reset, HasSubstr("reset"));
  EXPECT_NE(co_await RONDO_FAILURE_OF(ServerDisconnectedError, session.get(server.url("/close"))),
            "");
  EXPECT_NE(co_await RONDO_FAILURE_OF(ServerTimeoutError,
                                      session.get(server.url("/silence"), {.timeout = 50ms})),
            "");
  auto half = co_await session.get(server.url("/half"));
  EXPECT_EQ(half.status(), 200);
  try {
    static_cast<void>(co_await half.read());
    ADD_FAILURE() << "half a body passed for a whole one";
  } catch (const ClientPayloadError& error) {
    EXPECT_EQ(class_name(error), "ClientPayloadError");
  }
  EXPECT_EQ(session.active_connections(), 0u);
  EXPECT_EQ(session.idle_connections(), 0u);
}

Task<> replay(const HttpServer& server) {
  const ClientSession session;
  EXPECT_NE(co_await text_of(session, server.url("/once")), "");
  EXPECT_EQ(session.idle_connections(), 1u);
  const auto connections = server.connections();
  auto again = co_await session.get(server.url("/once"));
  EXPECT_EQ(again.attempts(), 2u);
  EXPECT_EQ(server.connections(), connections + 1);
  EXPECT_EQ(co_await again.text(), std::to_string(server.connections()));
  EXPECT_EQ(session.idle_connections(), 1u);
  EXPECT_NE(co_await RONDO_FAILURE_OF(ServerDisconnectedError,
                                      session.post(server.url("/once"), {.data = "once only"})),
            "");
}

Task<> with_misbehaving_server(Task<> (*test)(const HttpServer&)) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    HttpServer server(group);
    misbehave(server);
    co_await test(server);
  });
}

TEST_P(ConnectNginxTest, TellsTheWaysOfAServerToFailApart) {
  run(with_misbehaving_server(meet_misbehaviour));
}

TEST_P(ConnectNginxTest, ReplaysWhatAKeptConnectionDidNotAnswerUnlessItMayNotBeRepeated) {
  run(with_misbehaving_server(replay));
}

}  // namespace
}  // namespace rondo::http
