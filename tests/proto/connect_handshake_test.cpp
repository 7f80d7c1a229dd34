#include "rondo/proto/connect_handshake.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rondo::proto {
namespace {

constexpr ConnectRequest kRequest = {"example.org", 443, {}};

ConnectHandshake answered(std::string_view answer, std::size_t piece) {
  ConnectHandshake connect(kRequest);
  connect.sent();
  for (std::size_t at = 0; at < answer.size(); at += piece) {
    connect.received(answer.substr(at, piece));
  }
  if (connect.state() == ConnectState::receive) connect.end_of_input();
  return connect;
}

TEST(ConnectHandshake, WritesAuthorityForm) {
  EXPECT_EQ(ConnectHandshake(kRequest).to_send(),
            "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n");
  const HeaderMap headers(Fields{{"User-Agent", "Rondo"}});
  EXPECT_EQ(ConnectHandshake({"[::1]", 80, "Basic dTpw", &headers}).to_send(),
            "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\nUser-Agent: Rondo\r\n"
            "Proxy-Authorization: Basic dTpw\r\n\r\n");
}

TEST(ConnectHandshake, RefusesWhatWouldBeAnotherRequest) {
  const HeaderMap bad(Fields{{"X", "x\ny"}});
  const ConnectRequest cases[] = {{"a\r\nb", 1, {}}, {"a b", 1, {}},        {"", 1, {}},
                                  {"a", 0, {}},      {"a", 1, "x\r\ny: z"}, {"a", 1, {}, &bad}};
  for (const ConnectRequest& each : cases) {
    const ConnectHandshake connect(each);
    EXPECT_EQ(connect.state(), ConnectState::failed);
    EXPECT_EQ(connect.error(), ConnectError::bad_request);
    EXPECT_EQ(connect.to_send(), "");
  }
}

TEST(ConnectHandshake, JudgesTheAnswer) {
  using E = ConnectError;
  struct Case {
    std::string answer;
    E error;
    int status;
  };
  std::string endless;
  for (int i = 0; i < 20; ++i) endless += "HTTP/1.1 102 Processing\r\n\r\n";
  const Case cases[] = {
      {"HTTP/1.1 200 OK\r\n\r\n", E::none, 200},
      {"HTTP/1.0 200 Connection established\r\n\r\n", E::none, 200},
      {"HTTP/1.1 204 No Content\r\n\r\n", E::none, 204},
      {"HTTP/1.1 200\r\n\r\n", E::none, 200},
      // RFC 9110 §9.3.6: such fields have to be ignored.
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", E::none, 200},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", E::none, 200},
      {"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n", E::authentication_required, 407},
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nhello", E::refused, 403},
      {"HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\n\r\n", E::refused, 302},
      {"HTTP/1.1 502 Bad Gateway\r\n\r\n", E::refused, 502},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", E::refused, 101},
      {endless, E::too_many_interim, 102},
      {"", E::closed, 0},
      {"HTTP/1.1 200 OK\r\n", E::closed, 0},
      {"SSH-2.0-x\r\n", E::malformed, 0},
      {"\5\0", E::malformed, 0},
  };
  for (const Case& each : cases) {
    for (const std::size_t piece : {1, 7, 1000}) {
      const ConnectHandshake connect = answered(each.answer, piece);
      EXPECT_EQ(connect.error(), each.error) << each.answer;
      EXPECT_EQ(connect.head().status, each.status) << each.answer;
      EXPECT_EQ(connect.state(),
                each.error == E::none ? ConnectState::established : ConnectState::failed);
    }
  }
}

TEST(ConnectHandshake, TakesNothingThatComesBehindTheAnswer) {
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n", 1000).error(),
            ConnectError::unexpected_bytes);
}

TEST(ConnectHandshake, KeepsToTheLimits) {
  Http1Limits limits;
  limits.max_line = 100;
  ConnectHandshake connect(kRequest, limits);
  connect.sent();
  connect.received("HTTP/1.1 200 OK\r\nX: " + std::string(200, 'x'));
  EXPECT_EQ(connect.error(), ConnectError::malformed);
  EXPECT_EQ(connect.http1_error(), Http1Error::line_too_long);
}

TEST(ConnectHandshake, DescribesEachErrorDifferently) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(ConnectError::unexpected_bytes); ++i) {
    EXPECT_TRUE(words.insert(describe(static_cast<ConnectError>(i))).second) << i;
  }
}

}  // namespace
}  // namespace rondo::proto
