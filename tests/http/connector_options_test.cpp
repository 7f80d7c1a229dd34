// What `ConnectorOptions` and the connection options of a request do, against nginx.

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "rondo/net/tcp.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/http_server.hpp"
#include "rondo/tls/tls_context.hpp"

#include "tests/http/nginx_fixture.hpp"
#include "tests/support/dnsmasq.hpp"
#include "tests/support/loopback_port.hpp"

namespace rondo::http {
namespace {

using ::testing::HasSubstr;
using testing::HttpReply;
using testing::HttpServer;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class ConnectorOptionsTest : public NginxTest {
 protected:
  static std::string at(std::string_view host) { return nginx().url(Site::plain, "/small", host); }
  static std::uint16_t plain_port() {
    return static_cast<std::uint16_t>(nginx().port(Site::plain));
  }
};
RONDO_ON_EACH_BACKEND(ConnectorOptionsTest);

Task<> warm_connections_up(std::string url) {
  SessionOptions options;
  options.connector.limit = 5;
  const ClientSession session(options);
  EXPECT_EQ(co_await session.warm_up(url, 3), 3u);
  EXPECT_EQ(session.idle_connections(), 3u);
  EXPECT_EQ(co_await session.warm_up(url, 3), 0u) << "they are there";
  EXPECT_EQ(co_await text_of(session, url), "small");
  EXPECT_EQ(session.statistics().opened, 3u);
  EXPECT_EQ(session.statistics().reused, 1u);
  EXPECT_EQ(co_await session.warm_up(url, 100), 2u) << "no more than the limit";
  EXPECT_EQ(session.idle_connections(), 5u);
}

TEST_P(ConnectorOptionsTest, WarmsConnectionsUp) {
  run(warm_connections_up(plain("/small")));
}

Task<> fail_to_warm_up(std::string url) {
  const ClientSession session;
  try {
    static_cast<void>(co_await session.warm_up(url, 2));
    ADD_FAILURE() << "nobody listens there";
  } catch (const ClientConnectorError& error) {
    EXPECT_THAT(error.what(), HasSubstr("refused"));
  }
  EXPECT_EQ(session.active_connections(), 0u);
  EXPECT_EQ(session.statistics().failed, 2u);
}

TEST_P(ConnectorOptionsTest, TellsWhatWarmingUpFailedWith) {
  const test::RefusingPort nobody;
  run(fail_to_warm_up(nobody.url()));
}

Task<> close_each(std::string url) {
  SessionOptions options;
  options.connector.force_close = true;
  const ClientSession session(options);
  for (int i = 0; i < 3; ++i) {
    auto response = co_await session.get(url);
    EXPECT_EQ(response.headers().get("Connection"), "close");
    EXPECT_EQ(co_await response.text(), "small");
  }
  EXPECT_EQ(session.idle_connections(), 0u);
  const ConnectionStatistics statistics = session.statistics();
  EXPECT_EQ(statistics.opened, 3u);
  EXPECT_EQ(statistics.closed.spent, 3u);
  EXPECT_EQ(statistics.closed.total(), 3u);
}

TEST_P(ConnectorOptionsTest, ClosesEachConnectionWhenToldTo) {
  run(close_each(plain("/small")));
}

Task<> ask_for_addresses(SessionOptions options, std::string url, std::uint64_t misses) {
  const ClientSession session(std::move(options));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(co_await text_of(session, url), "small");
  EXPECT_EQ(session.statistics().dns_misses, misses);
  EXPECT_EQ(session.statistics().dns_hits, 3 - misses);
}

TEST_P(ConnectorOptionsTest, KeepsAnswersOfDnsAsLongAsItIsTold) {
  const test::Dnsmasq dnsmasq({"host-record=a.test,127.0.0.1,0"});
  SessionOptions options;
  options.connector.dns_servers = {dnsmasq.address()};
  options.connector.force_close = true;
  options.connector.ttl_dns_cache = 60s;
  run(ask_for_addresses(options, at("a.test"), 1));
  options.connector.use_dns_cache = false;
  run(ask_for_addresses(options, at("a.test"), 3));
}

/// Notes what is asked for.
class DnsTrace final : public RequestTrace {
 public:
  void on_dns_cache_hit(std::string_view host) override { note("hit", host); }
  void on_dns_cache_miss(std::string_view host) override { note("miss", host); }
  void on_dns_resolvehost_start(std::string_view host) override { note("start", host); }
  void on_dns_resolvehost_end(std::string_view host) override { note("end", host); }

  std::vector<std::string> notes;

 private:
  void note(std::string what, std::string_view host) {
    notes.push_back(what + " " + std::string(host));
  }
};

Task<> trace_questions(SessionOptions options, std::vector<std::string> urls) {
  DnsTrace trace;
  const ClientSession session(std::move(options));
  for (const std::string& url : urls) {
    auto response = co_await session.get(url, {.trace = &trace});
    EXPECT_EQ(co_await response.text(), "small");
  }
  EXPECT_THAT(trace.notes,
              ::testing::ElementsAre("miss a.test", "start a.test", "end a.test", "hit a.test"));
}

TEST_P(ConnectorOptionsTest, TellsTheTraceOfQuestionsForNames) {
  const test::Dnsmasq dnsmasq({"host-record=a.test,127.0.0.1,60"});
  SessionOptions options;
  options.connector.dns_servers = {dnsmasq.address()};
  options.connector.force_close = true;
  run(trace_questions(options, {at("a.test"), at("a.test"), at("127.0.0.1"), at("localhost")}));
}

Task<> fail_to_resolve(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  static_cast<void>(co_await RONDO_FAILURE_OF(ClientConnectorDNSError, session.get(url)));
}

TEST_P(ConnectorOptionsTest, KeepsToOneFamily) {
  SessionOptions options;
  options.connector.family = dns::Family::ipv6;
  EXPECT_THAT(run(remote_of(options, at("localhost"))), HasSubstr("[::1]"));
  run(fail_to_resolve(options, at("127.0.0.1")));
  options.connector.family = dns::Family::ipv4;
  EXPECT_THAT(run(remote_of(options, at("localhost"))), HasSubstr("127.0.0.1"));
}

Task<std::string> peer_seen_from(SessionOptions options) {
  std::string seen;
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    net::TcpListener listener(net::SocketAddress::loopback(0));
    group.spawn([&]() -> Task<> {
      auto stream = co_await listener.accept();
      seen = stream->peer();
      std::string request(65536, '\0');
      static_cast<void>(co_await stream->read(request));
      co_await stream->write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmall");
    });
    const ClientSession session(options);
    EXPECT_EQ(co_await text_of(session, "http://localhost:" +
                                            std::to_string(listener.local_address().port()) + "/"),
              "small");
  });
  co_return seen;
}

TEST_P(ConnectorOptionsTest, ConnectsFromTheLocalAddressAndInterface) {
  SessionOptions options;
  options.connector.local_address = "127.0.0.7";
  EXPECT_THAT(run(peer_seen_from(options)), ::testing::StartsWith("127.0.0.7:"));
  options.connector.local_address = "";
  options.connector.interface = "lo";
  EXPECT_THAT(run(peer_seen_from(options)), ::testing::StartsWith("127.0.0.1:"));
}

Task<> make_session(SessionOptions options) {
  const ClientSession session(std::move(options));
  co_return;
}

TEST_P(ConnectorOptionsTest, RefusesWhatCannotWork) {
  SessionOptions options;
  options.connector.local_address = "localhost";
  EXPECT_THROW(run(make_session(options)), std::invalid_argument);
  options.connector.local_address = "127.0.0.1";
  options.connector.family = dns::Family::ipv6;
  EXPECT_THROW(run(make_session(options)), std::invalid_argument);
  options = {};
  options.connector.interface = "no-such-interface";
  EXPECT_THROW(run(make_session(options)), std::invalid_argument);
  options = {};
  options.proxy = "ftp://127.0.0.1";
  EXPECT_THROW(run(make_session(options)), std::invalid_argument);
  options.proxy = "http://127.0.0.1";
  options.connector.unix_socket = "/socket";
  EXPECT_THROW(run(make_session(options)), std::invalid_argument);
}

Task<> ask_the_policy(std::string allowed, std::string redirecting, std::uint16_t port) {
  std::vector<std::string> asked;
  SessionOptions options;
  options.connector.address_policy = [&](std::string_view host, const net::SocketAddress& address) {
    asked.push_back(std::string(host) + " " + address.ip_string());
    return host != "localhost";
  };
  const ClientSession session(options);
  EXPECT_EQ(co_await text_of(session, allowed), "small");
  EXPECT_EQ(asked.back(), "127.0.0.1 127.0.0.1");
  EXPECT_THAT(co_await RONDO_FAILURE_OF(AddressDenied, session.get(redirecting)),
              HasSubstr("localhost"));
  EXPECT_EQ(port, session.active_connections()) << "none";
}

TEST_P(ConnectorOptionsTest, AsksTheAddressPolicyOnEveryHop) {
  run(ask_the_policy(at("127.0.0.1"), plain("/redirect/away"), 0));
}

Task<> die_under_requests(bool replays) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    HttpServer server(group);
    server.on("/once", [](const testing::HttpRequest& request) -> Task<HttpReply> {
      HttpReply reply = HttpReply::text("small");
      if (request.number % 2 == 0) {
        reply.cut_at = 0;
        reply.ending = testing::ReplyEnding::close;
      }
      co_return reply;
    });
    SessionOptions options;
    options.connector.replay_on_stale_connection = replays;
    const ClientSession session(options);
    EXPECT_EQ(co_await text_of(session, server.url("/once")), "small");
    if (replays) {
      EXPECT_EQ(co_await text_of(session, server.url("/once")), "small");
    } else {
      EXPECT_NE(
          co_await RONDO_FAILURE_OF(ServerDisconnectedError, session.get(server.url("/once"))), "");
    }
    EXPECT_EQ(session.statistics().closed.spent, 1u);
  });
}

TEST_P(ConnectorOptionsTest, ReplaysNothingWhenToldNotTo) {
  run(die_under_requests(true));
  run(die_under_requests(false));
}

Task<> look_at_tls(SessionOptions options, std::string secure, std::string plain) {
  const ClientSession session(std::move(options));
  auto unread = co_await session.get(secure + "/files/1048576.txt");
  auto response = co_await session.get(secure + "/small");
  const tls::TlsInfo* tls = response.tls();
  EXPECT_NE(tls, nullptr);
  if (tls == nullptr) co_return;
  EXPECT_EQ(tls->version, "TLSv1.3");
  EXPECT_THAT(tls->cipher, HasSubstr("TLS_"));
  EXPECT_EQ(tls->alpn, "http/1.1");
  EXPECT_EQ(tls->peer_certificate()->subject, "CN=localhost");
  EXPECT_EQ(tls->peer_certificate()->issuer, "CN=Rondo test root");
  EXPECT_EQ(tls->peer_certificate()->sha256.size(), 64u);
  EXPECT_FALSE(unread.tls()->resumed);
  EXPECT_EQ(co_await response.text(), "small");
  const auto clear = co_await session.get(plain);
  EXPECT_EQ(clear.tls(), nullptr);
}

TEST_P(ConnectorOptionsTest, TellsWhatIsKnownOfTls) {
  SessionOptions options = trusting();
  options.connector.tls.alpn = {"http/1.1"};
  run(look_at_tls(options, url(Site::tls_1_3, ""), plain("/small")));
}

Task<> remember_hosts(const test::TestCertificates& certificates, bool obeys) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    const test::IdentityFiles identity = certificates.good();
    const auto context = tls::TlsContext::server(
        {.certificate_file = identity.certificate_file, .key_file = identity.key_file});
    HttpServer server(group, {.tls = context});
    HttpReply reply = HttpReply::text("small");
    reply.headers.add("Strict-Transport-Security", "max-age=60");
    server.on("/", reply);
    SessionOptions options;
    options.connector.tls.ca_file = certificates.ca_file();
    options.hsts = obeys;
    options.hsts_store = std::make_shared<proto::HstsStore>();
    const ClientSession session(options);
    const std::string rest = "://localhost:" + std::to_string(server.port()) + "/";
    EXPECT_EQ(co_await text_of(session, "https" + rest), "small");
    if (obeys) {
      EXPECT_EQ(options.hsts_store->size(), 1U);
      const ClientSession other(options);
      EXPECT_EQ(co_await text_of(other, "http" + rest), "small") << "what one learns, all know";
      auto response = co_await session.get("http" + rest);
      EXPECT_EQ(response.url().href(), "https" + rest);
      EXPECT_EQ(co_await response.text(), "small");

      SessionOptions careless = options;
      careless.connector.tls.insecure = true;
      const ClientSession blind(careless);
      EXPECT_EQ(co_await text_of(blind, "http" + rest), "small") << "what is known holds";
      options.hsts_store->clear();
      EXPECT_EQ(co_await text_of(blind, "https" + rest), "small");
      const auto own = tls::TlsContext::client({.insecure = true});
      auto unverified = co_await session.get("https" + rest, {.tls = own.get()});
      EXPECT_EQ(co_await unverified.text(), "small");
      EXPECT_EQ(options.hsts_store->size(), 0U) << "nobody has verified who says so";
    } else {
      bool has_failed = false;
      try {
        static_cast<void>(co_await session.get("http" + rest));
      } catch (const ClientError&) {
        has_failed = true;  // the server speaks TLS alone
      }
      EXPECT_TRUE(has_failed);
    }
  });
}

TEST_P(ConnectorOptionsTest, ObeysStrictTransportSecurityWhenToldTo) {
  const test::TestCertificates certificates;
  run(remember_hosts(certificates, true));
  run(remember_hosts(certificates, false));
}

Task<> go_https_only(SessionOptions options, std::string plain, std::string secure) {
  options.https_only = true;
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, secure + "/small"), "small");
  EXPECT_NE(co_await RONDO_FAILURE_OF(InsecureUrlError, session.get(plain)), "");
  EXPECT_THAT(co_await RONDO_FAILURE_OF(InsecureUrlError, session.get(secure + "/redirect/away")),
              HasSubstr("http://localhost"));
}

TEST_P(ConnectorOptionsTest, SendsNothingInTheClearWhenHttpsOnly) {
  run(go_https_only(trusting(), plain("/small"), url(Site::tls_1_3, "")));
}

Task<> choose_context(SessionOptions options, std::string good, std::string unknown) {
  const ClientSession session(std::move(options));
  const auto careless = tls::TlsContext::client({.insecure = true});
  EXPECT_EQ(co_await text_of(session, good), "small");
  auto response = co_await session.get(unknown, {.tls = careless.get()});
  EXPECT_EQ(co_await response.text(), "small");
  EXPECT_THAT(co_await RONDO_FAILURE_OF(ClientConnectorCertificateError, session.get(unknown)),
              HasSubstr("issuer"))
      << "the connection of a careless request is not for others";
  auto again = co_await session.get(unknown, {.tls = careless.get()});
  EXPECT_EQ(co_await again.text(), "small");
  EXPECT_EQ(session.statistics().reused, 1u);
}

TEST_P(ConnectorOptionsTest, TakesTlsOptionsForOneRequest) {
  run(choose_context(trusting(), url(Site::tls_1_3, "/small"),
                     url(Site::unknown_issuer, "/small")));
}

Task<> choose_name(SessionOptions options, std::string wrong_host, std::string right_host) {
  const ClientSession session(std::move(options));
  auto response = co_await session.get(wrong_host, {.server_hostname = "a.example"});
  EXPECT_EQ(co_await response.text(), "small");
  EXPECT_THAT(co_await RONDO_FAILURE_OF(ClientConnectorCertificateError, session.get(wrong_host)),
              HasSubstr("a.example"));
  EXPECT_THAT(co_await RONDO_FAILURE_OF(ClientConnectorCertificateError,
                                        session.get(right_host, {.server_hostname = "a.example"})),
              HasSubstr("wanted a.example"));
}

TEST_P(ConnectorOptionsTest, TakesAnotherServerName) {
  run(choose_name(trusting(), url(Site::wrong_host, "/small"), url(Site::tls_1_3, "/small")));
}

Task<std::string> pin_of(std::string url) {
  SessionOptions options;
  options.connector.tls.insecure = true;
  const ClientSession session(options);
  auto response = co_await session.get(url);
  std::string pin = response.tls()->peer_certificate()->public_key_pin;
  static_cast<void>(co_await response.text());
  co_return pin;
}

Task<> get_pinned(SessionOptions options, std::string pinned, std::string other) {
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, pinned), "small");
  EXPECT_THAT(co_await RONDO_FAILURE_OF(ServerFingerprintMismatch, session.get(other)),
              HasSubstr("no pin"));
}

TEST_P(ConnectorOptionsTest, AcceptsPinnedServersAlone) {
  SessionOptions options = trusting();
  options.connector.tls.public_key_pins = {run(pin_of(url(Site::tls_1_3, "/small")))};
  run(get_pinned(options, url(Site::tls_1_3, "/small"), url(Site::tls_1_2, "/small")));
}

Task<> get_twice(SessionOptions options, std::string first, std::string second) {
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, first), "small");
  EXPECT_EQ(co_await text_of(session, second), "small");
}

TEST_P(ConnectorOptionsTest, SaysOnceThatCertificatesAreNotVerified) {
  std::vector<std::string> log;
  const auto note = [&](std::string_view line) { log.emplace_back(line); };
  SessionOptions options;
  options.connector.tls.insecure = true;
  EachBackend::run(
      get_twice(options, url(Site::expired, "/small"), url(Site::wrong_host, "/small")),
      {.log = note});
  ASSERT_EQ(log.size(), 1u);
  EXPECT_THAT(log[0], HasSubstr("not verified"));
  log.clear();
  EachBackend::run(
      get_twice(trusting(), url(Site::tls_1_2, "/small"), url(Site::tls_1_3, "/small")),
      {.log = note});
  EXPECT_THAT(log, IsEmpty());
}

}  // namespace
}  // namespace rondo::http
