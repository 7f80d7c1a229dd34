// Proxies that answer nonsense, half of something, too much or nothing: each is a proxy's error
// within the limits, and the session goes on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using Stream = std::unique_ptr<net::ByteStream>;

/// Sends `answers` in turn, one for each piece that comes, and keeps what came. After the last one
/// it closes, or keeps the connection open in silence.
struct Script {
  std::vector<std::string> answers;
  bool closes = true;
};

class ScriptedProxy {
 public:
  ScriptedProxy(TaskGroup& group, Script script)
      : script_(std::move(script)), listener_(net::SocketAddress::loopback(0)), group_(group) {
    group.spawn(serve());
  }

  [[nodiscard]] std::string url(std::string_view scheme) const {
    return std::string(scheme) + "://user:secret@" + listener_.local_address().to_string();
  }
  /// What is played from the next connection on.
  void set_answers(std::vector<std::string> answers) { script_.answers = std::move(answers); }
  [[nodiscard]] const std::string& received() const noexcept { return received_; }
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  Task<> serve() {
    while (true) {
      Stream stream = co_await listener_.accept();
      ++connections_;
      group_.spawn(play(std::move(stream)));
    }
  }

  Task<> play(Stream stream) {
    const std::vector<std::string> answers = script_.answers;
    try {
      for (const std::string& answer : answers) {
        std::string piece(65536, '\0');
        const std::size_t count = co_await stream->read(piece);
        if (count == 0) co_return;
        received_.append(piece, 0, count);
        co_await stream->write(answer);
      }
      if (!script_.closes) co_await sleep(1h);
    } catch (const Error&) {
      co_return;  // the client has gone
    }
  }

  Script script_;
  net::TcpListener listener_;
  TaskGroup& group_;
  std::string received_;
  int connections_ = 0;
};

int count_of(std::string_view part, std::string_view text) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

class HostileProxyTest : public rondo::test::EachBackend {
 protected:
  using Body = std::function<Task<>(ScriptedProxy&)>;

  void with_proxy(Script script, Body body) { run(serve(std::move(script), std::move(body))); }

  /// What is said of a request for `url` through a proxy of `scheme` that plays `script`.
  std::string complaint(Script script, std::string scheme,
                        std::string url = "https://127.0.0.1:1/") {
    std::string words;
    with_proxy(std::move(script), [&](ScriptedProxy& proxy) -> Task<> {
      SessionOptions options;
      options.proxy = proxy.url(scheme);
      const ClientSession session(options);
      words = co_await words_of(session, url);
      EXPECT_EQ(session.active_connections(), 0u);
      EXPECT_EQ(session.idle_connections(), 0u);
    });
    EXPECT_THAT(words, Not(HasSubstr("secret")));
    return words;
  }

  static Task<std::string> words_of(const ClientSession& session, std::string url) {
    return failure(session.get(url, {.timeout = 10s}));
  }

  static Task<std::string> failure(Task<Response> request) {
    try {
      const auto response = co_await std::move(request);
      co_return "an answer: " + std::to_string(response.status());
    } catch (const ClientError& error) {
      co_return std::string(class_name(error)) + ": " + error.what();
    }
  }

  static Task<> refuse_proxy_headers() {
    const ClientSession session;
    for (const char* name : {"Host", "expect", "Content-Length", "Transfer-Encoding", "a b"}) {
      const RequestOptions options = {.proxy_headers = {{name, "secret"}}};
      const std::string words = co_await failure(session.get("http://a.test/", options));
      EXPECT_THAT(words, StartsWith("InvalidRequest: ")) << name;
      EXPECT_THAT(words, Not(HasSubstr("secret")));
      SessionOptions same;
      same.proxy_headers = {{name, "x"}};
      EXPECT_THROW(const ClientSession other(same), std::invalid_argument);
    }
    const RequestOptions split = {.proxy_headers = {{"X-A", "b\r\nX-C: d"}}};
    EXPECT_THAT(co_await failure(session.get("http://a.test/", split)),
                StartsWith("InvalidRequest: "));
  }

 private:
  static Task<> serve(Script script, Body body) {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      ScriptedProxy proxy(group, script);
      co_await body(proxy);
      group.cancel();
    });
  }
};
RONDO_ON_EACH_BACKEND(HostileProxyTest);

TEST_P(HostileProxyTest, AnswersConnectWithNonsense) {
  for (const std::string& answer :
       {std::string("\0\1\2\3 garbage", 12), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
        std::string("HTTP/1.1 2000 OK\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nbad field\r\n\r\n")}) {
    EXPECT_THAT(complaint({{answer}}, "http"), StartsWith("ClientProxyConnectionError: proxy http"))
        << answer;
  }
}

TEST_P(HostileProxyTest, AnswersConnectByHalf) {
  for (const char* answer : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n"}) {
    EXPECT_THAT(complaint({{std::string(answer)}}, "http"),
                StartsWith("ClientProxyConnectionError: "))
        << answer;
  }
}

TEST_P(HostileProxyTest, AnswersConnectWithoutEnd) {
  std::string endless = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 100000; ++i) endless += "X-Field: value\r\n";
  EXPECT_THAT(complaint({{endless}, false}, "http"), StartsWith("ClientProxyConnectionError: "));
  const std::string line = "HTTP/1.1 200 OK\r\nX: " + std::string(1000000, 'x');
  EXPECT_THAT(complaint({{line}, false}, "http"), StartsWith("ClientProxyConnectionError: "));
  std::string interim;
  for (int i = 0; i < 1000; ++i) interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
  EXPECT_THAT(complaint({{interim}, false}, "http"), StartsWith("ClientProxyConnectionError: "));
}

TEST_P(HostileProxyTest, SpeaksInsideATunnelThatNobodyHasUsed) {
  EXPECT_THAT(complaint({{"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"}}, "http"),
              StartsWith("ClientProxyConnectionError: "));
}

TEST_P(HostileProxyTest, RefusesTunnels) {
  for (const char* status : {"403 No", "407 Who", "302 There", "502 Bad", "999 ?"}) {
    const std::string words = complaint(
        {{std::string("HTTP/1.1 ") + status + "\r\nLocation: http://evil.test/\r\n\r\n"}}, "http");
    EXPECT_THAT(words, StartsWith("ClientHttpProxyError: ")) << status;
    EXPECT_THAT(words, HasSubstr(std::string(status).substr(0, 3)));
  }
}

TEST_P(HostileProxyTest, SpeaksAnotherSocks) {
  for (const std::string& answer :
       {std::string(), std::string("HTTP/1.1 400 Bad\r\n\r\n"), std::string("\4\0", 2),
        std::string("\5\xff", 2), std::string("\5\1", 2), std::string("\5", 1)}) {
    EXPECT_THAT(complaint({{answer}}, "socks5h"), StartsWith("ClientProxyConnectionError: "))
        << answer.size();
  }
  for (const std::string& answer : {std::string("\5\0", 2), std::string("\0\x5b\0\0\0\0\0\0", 8),
                                    std::string("\0\x5a\0", 3), std::string("\1\x5a", 2)}) {
    std::string words;
    with_proxy({{answer}}, [&](ScriptedProxy& proxy) -> Task<> {
      std::string url = proxy.url("socks4a");
      url.replace(url.find(":secret"), 7, "");
      SessionOptions options;
      options.proxy = url;
      const ClientSession session(options);
      words = co_await words_of(session, "http://127.0.0.1:1/");
    });
    EXPECT_THAT(words, StartsWith("ClientProxyConnectionError: ")) << answer.size();
  }
}

TEST_P(HostileProxyTest, FailsInTheMiddleOfSocks) {
  const std::string chosen("\5\2", 2);
  const std::string accepted("\1\0", 2);
  for (const std::string& answer :
       {std::string("\1\1", 2), std::string("\7\0", 2), std::string()}) {
    EXPECT_THAT(complaint({{chosen, answer}}, "socks5h"),
                StartsWith("ClientProxyConnectionError: "));
  }
  for (const std::string& answer :
       {std::string("\5\5\0\1\0\0\0\0\0\0", 10), std::string("\5\0\0\7\0\0", 6),
        std::string("\5\0\0\1", 4), std::string("\4\0\0\1\0\0\0\0\0\0", 10)}) {
    EXPECT_THAT(complaint({{chosen, accepted, answer}}, "socks5h"),
                StartsWith("ClientProxyConnectionError: "));
  }
}

TEST_P(HostileProxyTest, EndsItsAnswerAtAnyByte) {
  const std::string tunnel = "HTTP/1.1 103 Wait\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n";
  for (std::size_t size = 0; size < tunnel.size(); ++size) {
    EXPECT_THAT(complaint({{tunnel.substr(0, size)}}, "http"),
                StartsWith("ClientProxyConnectionError: "))
        << size;
  }
  const std::vector<std::string> steps = {std::string("\5\2", 2), std::string("\1\0", 2),
                                          std::string("\5\0\0\3\6a.test\0\1", 13)};
  std::vector<std::string> before;
  for (const std::string& step : steps) {
    for (std::size_t size = 0; size < step.size(); ++size) {
      std::vector<std::string> answers = before;
      answers.push_back(step.substr(0, size));
      EXPECT_THAT(complaint({answers}, "socks5h"), StartsWith("ClientProxyConnectionError: "))
          << before.size() << ' ' << size;
    }
    before.push_back(step);
  }
}

TEST_P(HostileProxyTest, OpensATunnelAndIsNoServer) {
  // What is wrong behind the tunnel's beginning is not said of the proxy.
  const std::string head =
      "HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 299 Fine\r\nTransfer-Encoding: x\r\n"
      "Content-Length: 5\r\nContent-Length: 6\r\n\r\n";
  EXPECT_THAT(complaint({{head, "no TLS at all"}}, "http"),
              StartsWith("ClientConnectorSSLError: "));
  const std::vector<std::string> socks = {std::string("\5\2", 2), std::string("\1\0", 2),
                                          std::string("\5\0\0\3\6a.test\0\1", 13), "no HTTP"};
  EXPECT_THAT(complaint({socks}, "socks5h", "http://127.0.0.1:1/"),
              StartsWith("ClientProtocolError: "));
}

TEST_P(HostileProxyTest, AsksForCredentialsWithoutEnd) {
  const std::string asks =
      "HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm=r, nonce=n, stale=true\r\n"
      "Content-Length: 0\r\n\r\n";
  with_proxy({{asks, asks, asks, asks}}, [](ScriptedProxy& proxy) -> Task<> {
    SessionOptions options;
    options.proxy = proxy.url("http");
    const ClientSession session(options);
    EXPECT_THAT(co_await words_of(session, "https://a.test/"),
                ::testing::AllOf(StartsWith("ClientHttpProxyError: "), HasSubstr("407")));
    EXPECT_EQ(proxy.connections(), 2) << "once as the user says, once as the proxy does";
    const std::size_t before = proxy.received().size();
    EXPECT_THAT(co_await words_of(session, "http://a.test/"), "an answer: 407");
    EXPECT_EQ(count_of("GET ", proxy.received().substr(before)), 2);
  });
}

TEST_P(HostileProxyTest, HangsUntilTheTimeOut) {
  for (const std::string scheme : {"http", "https", "socks5h"}) {
    std::string words;
    with_proxy({{""}, false}, [&](ScriptedProxy& proxy) -> Task<> {
      SessionOptions options;
      options.proxy = proxy.url(scheme);
      options.timeout.sock_connect = 50ms;
      const ClientSession session(options);
      words = co_await words_of(session, "https://127.0.0.1:1/");
      EXPECT_EQ(session.active_connections(), 0u);
    });
    EXPECT_THAT(words, StartsWith("ConnectionTimeoutError: ")) << scheme;
  }
}

TEST_P(HostileProxyTest, LeavesTheSessionUsable) {
  with_proxy({{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}},
             [&](ScriptedProxy& proxy) -> Task<> {
               SessionOptions options;
               options.connector.limit = 1;
               options.proxy = proxy.url("http");
               const ClientSession session(options);
               EXPECT_THAT(co_await words_of(session, "https://a.test/"),
                           StartsWith("ClientProxyConnectionError: "))
                   << "the answer's body stands where the tunnel begins";
               auto response = co_await session.get("http://a.test/x?y#z");
               EXPECT_EQ(co_await response.text(), "ok");
               EXPECT_EQ(proxy.connections(), 2);
             });
}

TEST_P(HostileProxyTest, SeesTheWholeUrlAndItsOwnCredentials) {
  with_proxy(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}}, [](ScriptedProxy& proxy) -> Task<> {
        SessionOptions options;
        options.proxy = proxy.url("http");
        const ClientSession session(options);
        auto response = co_await session.get("http://me:mine@a.test/x?y#z");
        EXPECT_EQ(response.status(), 200);
        EXPECT_THAT(proxy.received(),
                    StartsWith("GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\n"));
        EXPECT_THAT(proxy.received(), HasSubstr("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"));
        EXPECT_THAT(proxy.received(), HasSubstr("\r\nAuthorization: Basic bWU6bWluZQ==\r\n"));
      });
}

TEST_P(HostileProxyTest, ShowsNothingOfTheProxysToTheServer) {
  const std::string chosen("\5\2", 2);
  const std::string accepted("\1\0", 2);
  const std::string opened("\5\0\0\1\0\0\0\0\0\0", 10);
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  with_proxy({{chosen, accepted, opened, answer}}, [](ScriptedProxy& proxy) -> Task<> {
    SessionOptions options;
    options.proxy = proxy.url("socks5h");
    options.headers = {{"Proxy-Authorization", "Basic session"}};
    const ClientSession session(options);
    auto response = co_await session.get("http://a.test/",
                                         {.headers = {{"Proxy-Authorization", "Basic request"}}});
    EXPECT_EQ(response.status(), 200);
    EXPECT_THAT(proxy.received(), HasSubstr("GET / HTTP/1.1\r\nHost: a.test\r\n"));
    EXPECT_THAT(proxy.received(), Not(HasSubstr("Proxy-Authorization")));
  });
}

TEST_P(HostileProxyTest, IsShownTheCredentialsOfHeadersInConnect) {
  with_proxy({{"HTTP/1.1 403 No\r\n\r\n"}}, [](ScriptedProxy& proxy) -> Task<> {
    SessionOptions options;
    options.proxy = "http://" + proxy.url("http").substr(proxy.url("http").find('@') + 1);
    options.headers = {{"Proxy-Authorization", "Basic session"}};
    const ClientSession session(options);
    EXPECT_THAT(co_await words_of(session, "https://[::1]:1/"), StartsWith("ClientHttpProxyError"));
    EXPECT_THAT(proxy.received(), StartsWith("CONNECT [::1]:1 HTTP/1.1\r\nHost: [::1]:1\r\n"));
    EXPECT_THAT(proxy.received(), HasSubstr("Proxy-Authorization: Basic session\r\n"));
  });
}

TEST_P(HostileProxyTest, IsShownNoPasswordInConnectWhereOnlyDigestMayBeShown) {
  with_proxy(
      {{"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=r\r\n\r\n"}},
      [](ScriptedProxy& proxy) -> Task<> {
        SessionOptions options;
        options.proxy = "http://" + proxy.url("http").substr(proxy.url("http").find('@') + 1);
        options.proxy_auth = DigestAuth{"user", "secret"};
        const ClientSession session(options);
        EXPECT_THAT(co_await words_of(session, "https://a.test/"), HasSubstr("407"));
        EXPECT_EQ(proxy.connections(), 1);
        EXPECT_EQ(proxy.received(), "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n");
      });
}

TEST_P(HostileProxyTest, PretendsToKnowThePassword) {
  for (const std::string qop : {"auth", "auth-int"}) {
    const std::string asks =
        "HTTP/1.1 407 Who\r\nProxy-Authenticate: Digest realm=r, nonce=n, qop=" + qop + "\r\n\r\n";
    const std::string opens =
        "HTTP/1.1 200 OK\r\nProxy-Authentication-Info: rspauth=\"0123\", qop=" + qop + "\r\n\r\n";
    with_proxy({{asks}}, [&](ScriptedProxy& proxy) -> Task<> {
      SessionOptions options;
      options.proxy = proxy.url("http");
      const ClientSession session(options);
      EXPECT_THAT(co_await words_of(session, "https://a.test/"),
                  StartsWith("ClientHttpProxyError"));
      proxy.set_answers({opens});
      EXPECT_THAT(co_await words_of(session, "https://a.test/"),
                  ::testing::AllOf(StartsWith("ClientProxyConnectionError: proxy http"),
                                   HasSubstr("rspauth")))
          << qop;
    });
  }
}

TEST_P(HostileProxyTest, IsShownTheHeadersThatAreMeantForIt) {
  const std::string closed = "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n";
  with_proxy({{closed, closed}}, [](ScriptedProxy& proxy) -> Task<> {
    SessionOptions options;
    options.proxy = proxy.url("http");
    options.headers = {{"X-Server", "s"}, {"X-Both", "server"}};
    options.proxy_headers = {{"X-Proxy", "p"}, {"X-Both", "proxy"}, {"X-Mine", "session"}};
    const ClientSession session(options);
    const RequestOptions own = {
        .proxy_headers = {{"x-mine", "request"}, {"Proxy-Authorization", "Basic eDp5"}}};
    EXPECT_THAT(co_await failure(session.get("https://a.test/", own)), StartsWith("ClientHttp"));
    const std::string connect = proxy.received();
    EXPECT_EQ(connect,
              "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\nX-Proxy: p\r\nX-Both: proxy\r\n"
              "x-mine: request\r\nProxy-Authorization: Basic eDp5\r\n\r\n");
    const auto response = co_await session.get("http://a.test/", own);
    EXPECT_EQ(response.status(), 403);
    const std::string get = proxy.received().substr(connect.size());
    EXPECT_THAT(get, HasSubstr("X-Proxy: p\r\n"));
    EXPECT_THAT(get, HasSubstr("X-Both: server\r\n"));
    EXPECT_THAT(get, Not(HasSubstr("X-Both: proxy\r\n")));
    EXPECT_THAT(get, HasSubstr("x-mine: request\r\n"));
    EXPECT_THAT(get, HasSubstr("Proxy-Authorization: Basic eDp5\r\n"));
  });
}

TEST_P(HostileProxyTest, IsShownNoHeadersThatWouldMakeAnotherRequest) {
  run(refuse_proxy_headers());
}

}  // namespace
}  // namespace rondo::http
