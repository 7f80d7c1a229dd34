// Requests through proxies that others wrote: squid, tinyproxy, dante.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "tests/http/nginx_fixture.hpp"
#include "tests/support/danted.hpp"
#include "tests/support/dnsmasq.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/support/squid.hpp"
#include "tests/support/tinyproxy.hpp"

namespace rondo::http {
namespace {

using test::Squid;
using ::testing::HasSubstr;
using ::testing::Not;

class ProxyTest : public NginxTest {
 protected:
  static const Squid& squid() {
    static const Squid instance(Squid::Access::open);
    return instance;
  }
  static const Squid& guarded() {
    static const Squid instance(Squid::Access::basic);
    return instance;
  }
  static const test::Tinyproxy& tinyproxy() {
    static const test::Tinyproxy instance;
    return instance;
  }
  static const test::Danted& danted() {
    static const test::Danted instance;
    return instance;
  }

  static SessionOptions through(std::string proxy) {
    SessionOptions options = trusting();
    options.connector.proxy_tls = tls::TlsOptions{.ca_file = squid().ca_file()};
    options.proxy = std::move(proxy);
    return options;
  }

  static std::string secure(std::string_view path) { return url(Site::tls_1_3, path); }
};
RONDO_ON_EACH_BACKEND(ProxyTest);

/// What goes over the proxy itself has its mark; what goes through a tunnel has not.
Task<bool> is_read_by_squid(const ClientSession& session, std::string url) {
  auto response = co_await session.get(url);
  EXPECT_EQ(response.status(), 200) << url;
  EXPECT_EQ(co_await response.text(), "small");
  co_return response.headers().contains("X-Cache");
}

Task<> go_through_squid(SessionOptions options, std::string remote, std::string plain,
                        std::string secure) {
  const ClientSession session(std::move(options));
  EXPECT_TRUE(co_await is_read_by_squid(session, plain));
  EXPECT_FALSE(co_await is_read_by_squid(session, secure));
  auto response = co_await session.get(secure);
  EXPECT_EQ("http://" + std::string(response.remote()), remote);
  EXPECT_NE(response.tls(), nullptr);
  EXPECT_EQ(co_await response.text(), "small");
  EXPECT_EQ(session.statistics().reused, 1u) << "the tunnel is kept";
}

TEST_P(ProxyTest, SendsPlainRequestsToTheProxyAndSecureOnesThroughATunnel) {
  run(go_through_squid(through(squid().url()), squid().url(), plain("/small"), secure("/small")));
}

TEST_P(ProxyTest, SpeaksTlsToTheProxyAndInsideItToTheServer) {
  std::string remote = squid().tls_url();
  remote.erase(4, 1);
  run(go_through_squid(through(squid().tls_url()), remote, plain("/small"), secure("/small")));
}

Task<> send_body_through(SessionOptions options, std::vector<std::string> urls) {
  const ClientSession session(std::move(options));
  const std::string body(200000, 'b');
  for (const std::string& url : urls) {
    auto response = co_await session.post(url + "/echo", {.data = "the body"});
    EXPECT_THAT(co_await response.text(), HasSubstr("the body"));
    auto file = co_await session.get(url + "/files/1048576.txt");
    EXPECT_TRUE(co_await file.read() == Nginx::file(1048576));
  }
}

TEST_P(ProxyTest, CarriesBodiesBothWays) {
  const std::vector<std::string> urls = {plain(""), secure("")};
  run(send_body_through(through(squid().url()), urls));
  run(send_body_through(through(squid().tls_url()), urls));
  run(send_body_through(through(danted().url("socks5")), urls));
}

Task<> get_each(SessionOptions options, std::vector<std::string> urls) {
  const ClientSession session(std::move(options));
  for (const std::string& url : urls) EXPECT_EQ(co_await text_of(session, url), "small");
}

TEST_P(ProxyTest, ShowsItsCredentials) {
  const std::vector<std::string> urls = {plain("/small"), secure("/small")};
  run(get_each(through(guarded().url("user:secret@")), urls));
  run(get_each(through(tinyproxy().url("user:secret@")), urls));
}

Task<> be_refused(SessionOptions options, std::string plain, std::string secure,
                  std::string password, int status) {
  const ClientSession session(std::move(options));
  const auto response = co_await session.get(plain);
  EXPECT_EQ(response.status(), status) << "a plain request's answer is the proxy's";
  try {
    const auto tunnelled = co_await session.get(secure);
    ADD_FAILURE() << tunnelled.status();
  } catch (const ClientHttpProxyError& error) {
    EXPECT_EQ(error.status(), status);
    EXPECT_EQ(class_name(error), "ClientHttpProxyError");
    EXPECT_EQ(error.headers().contains("Proxy-Authenticate"), status == 407);
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1"));
    EXPECT_THAT(error.what(), Not(HasSubstr(password)));
  }
}

TEST_P(ProxyTest, SaysThatTheProxyWantsOtherCredentials) {
  for (const std::string credentials : {"", "user:wr0ng@"}) {
    run(be_refused(through(guarded().url(credentials)), plain("/small"), secure("/small"), "wr0ng",
                   407));
    // To credentials that are wrong tinyproxy says 401, without a challenge.
    run(be_refused(through(tinyproxy().url(credentials)), plain("/small"), secure("/small"),
                   "wr0ng", credentials.empty() ? 407 : 401));
  }
}

/// `seen` is the last line of what the server has seen: X-Test.
Task<> show_gate(SessionOptions options, std::string url, std::string name, std::string seen) {
  const ClientSession session(std::move(options));
  auto response = co_await session.get(url, {.proxy_headers = {{name, "gate"}}});
  EXPECT_EQ(response.status(), 200);
  const std::string text = co_await response.text();
  EXPECT_EQ(text.substr(text.rfind('\n') + 1), seen);
}

TEST_P(ProxyTest, ShowsTheProxyTheHeadersThatAreMeantForIt) {
  static const Squid marked(Squid::Access::marked);
  SessionOptions options = through(marked.url());
  run(be_refused(options, plain("/seen"), secure("/seen"), "gate", 403));
  run(show_gate(options, plain("/seen"), "X-Test", "gate"));
  run(show_gate(options, secure("/seen"), "x-test", ""));
  options.proxy_headers = {{"X-Test", "gate"}};
  run(show_gate(options, secure("/seen"), "X-Other", ""));
  options.proxy_headers = {{"X-Test", "another"}};
  run(show_gate(options, secure("/seen"), "X-Test", ""));
  options.proxy = danted().url("socks5");
  run(show_gate(options, plain("/seen"), "X-Test", ""));
}

Task<> answer_digest(SessionOptions options, std::string plain, std::string secure) {
  const ClientSession session(std::move(options));
  auto first = co_await session.post(plain + "/echo", {.data = "the body"});
  EXPECT_EQ(first.status(), 200);
  EXPECT_EQ(first.attempts(), 2u);
  EXPECT_THAT(co_await first.text(), HasSubstr("the body"));
  auto second = co_await session.get(plain + "/small");
  EXPECT_EQ(second.attempts(), 1u) << "one challenge is enough";
  EXPECT_EQ(co_await second.text(), "small");
  const auto opened = session.statistics().opened;
  EXPECT_EQ(co_await text_of(session, secure + "/small"), "small");
  EXPECT_EQ(session.statistics().opened, opened + 1);
}

Task<> answer_digest_in_tunnel(SessionOptions options, std::string secure) {
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, secure + "/small"), "small");
}

TEST_P(ProxyTest, AnswersDigestChallenges) {
  static const Squid digest(Squid::Access::digest);
  run(answer_digest(through(digest.url("user:secret@")), plain(""), secure("")));
  run(answer_digest_in_tunnel(through(digest.url("user:secret@")), secure("")));
  SessionOptions options = through(digest.url());
  options.proxy_auth = DigestAuth{"user", "secret"};
  run(answer_digest(options, plain(""), secure("")));
  run(answer_digest_in_tunnel(options, secure("")));
  run(be_refused(through(digest.url("user:wr0ng@")), plain("/small"), secure("/small"), "wr0ng",
                 407));
}

TEST_P(ProxyTest, SpeaksSocks) {
  for (const char* scheme : {"socks5", "socks5h", "socks4a"}) {
    run(get_each(through(danted().url(scheme)), {plain("/small"), secure("/small")}));
  }
}

TEST_P(ProxyTest, LetsTheSocksProxyLookNamesUpOrDoesSoItself) {
  const test::Dnsmasq dnsmasq({"host-record=known-here.test,127.0.0.1"});
  const auto port = std::to_string(nginx().port(Site::plain));
  SessionOptions options = through(danted().url("socks5h"));
  run(get_each(options, {"http://localhost:" + port + "/small"}));
  options.proxy = danted().url("socks5");
  options.connector.dns_servers = {dnsmasq.address()};
  run(get_each(options, {"http://known-here.test:" + port + "/small"}));
}

Task<std::string> proxy_error(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  std::string text = co_await RONDO_FAILURE_OF(ClientProxyConnectionError, session.get(url));
  EXPECT_EQ(session.active_connections(), 0u);
  co_return text;
}

TEST_P(ProxyTest, TellsWhatTheSocksProxySays) {
  const test::RefusingPort port;
  const std::string nobody = port.url();
  EXPECT_THAT(run(proxy_error(through(danted().url("socks5")), nobody)), HasSubstr("refused"));
  EXPECT_THAT(run(proxy_error(through(danted().url("socks4a")), nobody)), HasSubstr("SOCKS"));
}

TEST_P(ProxyTest, TellsThatTheProxyIsOutOfReach) {
  const test::RefusingPort port;
  for (const std::string scheme : {"http", "https", "socks5", "socks5h", "socks4a"}) {
    const std::string proxy = scheme + "://" + port.address();
    const std::string words = run(proxy_error(through(proxy), plain("/small")));
    EXPECT_THAT(words, HasSubstr("proxy " + proxy));
    EXPECT_THAT(words, HasSubstr("refused"));
  }
  EXPECT_THAT(run(proxy_error(through("http://no-such-host.invalid:3128"), plain("/small"))),
              HasSubstr("no-such-host.invalid"));
}

TEST_P(ProxyTest, TellsThatTheProxySpeaksNoTls) {
  std::string proxy = squid().url();
  proxy.insert(4, "s");
  EXPECT_THAT(run(proxy_error(through(proxy), plain("/small"))), HasSubstr("TLS"));
  SessionOptions options = through(squid().tls_url());
  options.connector.proxy_tls.reset();
  EXPECT_THAT(run(proxy_error(options, plain("/small"))), HasSubstr("issuer"));
}

Task<> share(SessionOptions options, std::string port, std::uint64_t opened) {
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, "http://127.0.0.1:" + port + "/small"), "small");
  EXPECT_EQ(co_await text_of(session, "http://localhost:" + port + "/small"), "small");
  EXPECT_EQ(session.statistics().opened, opened);
}

TEST_P(ProxyTest, SharesConnectionsToTheProxyUnlessHostsHaveALimit) {
  const std::string port = std::to_string(nginx().port(Site::plain));
  SessionOptions options = through(squid().url());
  run(share(options, port, 1));
  options.connector.limit_per_host = 3;
  run(share(options, port, 2));
}

Task<> change_proxies(SessionOptions options, std::string plain, std::vector<std::string> proxies) {
  const ClientSession session(std::move(options));
  for (const std::string& proxy : proxies) {
    auto response = co_await session.get(plain, {.proxy = proxy});
    EXPECT_EQ(co_await response.text(), "small");
    EXPECT_EQ(response.headers().contains("X-Cache"), !proxy.empty());
  }
  EXPECT_EQ(session.statistics().opened, proxies.size()) << "none is shared";
  EXPECT_EQ(session.idle_connections(), proxies.size());
  auto again = co_await session.get(plain, {.proxy = proxies.front()});
  EXPECT_EQ(co_await again.text(), "small");
  EXPECT_EQ(session.statistics().reused, 1u);
}

TEST_P(ProxyTest, NeverSharesConnectionsWithOtherCredentials) {
  run(change_proxies(trusting(), plain("/small"),
                     {squid().url("a:b@"), squid().url("a:c@"), squid().url(), ""}));
}

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

Task<> look_for_mark(SessionOptions options, std::string url, bool is_marked) {
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await is_read_by_squid(session, url), is_marked);
}

TEST_P(ProxyTest, TrustsTheEnvironmentWhenToldTo) {
  const Variable proxy("http_proxy", squid().url());
  SessionOptions options = trusting();
  run(look_for_mark(options, plain("/small"), false));
  options.trust_env = true;
  run(look_for_mark(options, plain("/small"), true));
  {
    const Variable none("no_proxy", "127.0.0.1");
    run(look_for_mark(options, plain("/small"), false));
    options.no_proxy = "";
    run(look_for_mark(options, plain("/small"), true));
  }
  options.no_proxy = "127.0.0.0/8";
  run(look_for_mark(options, plain("/small"), false));
}

TEST_P(ProxyTest, RefusesAVariableThatNamesNoProxy) {
  const Variable proxy("http_proxy", "ftp://127.0.0.1:1");
  SessionOptions options = trusting();
  options.trust_env = true;
  EXPECT_THAT(run(proxy_error(options, plain("/small"))), HasSubstr("http_proxy"));
}

Task<> follow_through(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  auto response = co_await session.get(url);
  EXPECT_EQ(response.status(), 200);
  EXPECT_EQ(response.history().size(), 1u);
  EXPECT_TRUE(response.headers().contains("X-Cache")) << "https to http";
  static_cast<void>(co_await response.text());
}

TEST_P(ProxyTest, DecidesAnewBehindARedirect) {
  run(follow_through(through(squid().url()), secure("/redirect/away")));
}

Task<> be_denied(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  EXPECT_THAT(co_await RONDO_FAILURE_OF(AddressDenied, session.get(url)), HasSubstr("127.0.0.1"));
  EXPECT_EQ(session.active_connections(), 0u);
}

TEST_P(ProxyTest, AppliesTheAddressPolicyToProxiesAndToWhatIsBehindThem) {
  SessionOptions options = through(squid().url());
  options.connector.deny_private = true;
  run(be_denied(options, "http://example.com/"));
  options.connector.deny_private = false;
  const auto port = static_cast<std::uint16_t>(nginx().port(Site::plain));
  options.connector.address_policy = [port](std::string_view, const net::SocketAddress& address) {
    return address.port() != port;
  };
  run(be_denied(options, plain("/small")));
  options.proxy = danted().url("socks5");
  run(be_denied(options, plain("/small")));
}

}  // namespace
}  // namespace rondo::http
