// Which answers leave a connection that is used again. Whatever stands behind an answer must never
// become the answer to the next request.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;

/// An answer, and the body that it has.
struct AnswerCase {
  std::string answer;
  std::string_view body = "ok";
  std::string_view method = "GET";
};

constexpr std::string_view kOkLine = "HTTP/1.1 200 OK\r\n";

std::string with_fields(std::string_view fields) {
  return std::string(kOkLine).append(fields).append("Content-Length: 2\r\n\r\nok");
}

std::string chunked(std::string_view chunks) {
  return std::string(kOkLine).append("Transfer-Encoding: chunked\r\n\r\n").append(chunks);
}

std::vector<AnswerCase> whole_answers() {
  const std::string status(kOkLine);
  return {
      {with_fields("")},
      {chunked("2\r\nok\r\n0\r\n\r\n")},
      {chunked("0000000000000000002 ;a=\"b\"\r\nok\r\n00\r\nX: y\r\n\r\n")},
      {chunked("1\r\no\r\n1\r\nk\r\n0\r\nContent-Length: 7\r\nConnection: close\r\n\r\n")},
      {status + "Transfer-Encoding: ,Chunked,\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
      {status + "Content-Length:\r\n\t2\r\n\r\nok"},
      {status + "X: a\r\n Content-Length: 5\r\nContent-Length: 2\r\n\r\nok"},
      {with_fields("Connection: closed\r\n")},
      {with_fields("Connection: upgrade\r\nUpgrade: h2c\r\n")},
      {with_fields("Content-Length: 02\r\n")},
      {with_fields("Transfer_Encoding: chunked\r\n")},
      {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok"},
      {"HTTP/1.1 999\nContent-Length: 2\n\nok"},
      {"HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nok"},
      {"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 199 ?\r\nConnection: close\r\nContent-Length: 9\r\n\r\n" +
       with_fields("")},
      // There is no body, whatever is said of one.
      {status + "Content-Length: 5\r\n\r\n", "", "HEAD"},
      {status + "Content-Length: 5\r\nTransfer-Encoding: gzip, x\r\n\r\n", "", "HEAD"},
      {status + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", "", "HEAD"},
      {"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n", ""},
      {"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n", ""},
      {"HTTP/1.1 304 No\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", ""},
      {"HTTP/1.1 304 No\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", ""},
  };
}

/// Answers that say themselves that they are the last.
std::vector<AnswerCase> last_answers() {
  return {
      {with_fields("Connection: close\r\n")},
      {with_fields("connection: x,\tCLOSE ,\r\n")},
      {with_fields("Connection: keep-alive\r\nConnection: close\r\n")},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"},
      {"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 2\r\n\r\nok"},
  };
}

/// What a server may leave behind an answer.
std::vector<std::string> remains() {
  return {"\r\n",
          std::string(1, '\0'),
          "0\r\n\r\n",
          "ok",
          "HTTP/1.1 100 Continue\r\n\r\n",
          test::ok("not yours")};
}

class KeptConnectionTest : public test::ExchangeSuite {
 protected:
  /// How many connections two requests take, the first of which gets `one.answer` and `remains`.
  int connections(const AnswerCase& one, const std::string& remains = {}) {
    const auto streams = log_.streams;
    log_ = {};
    log_.streams = streams;
    const test::Behaviour server = [&](const Received& request) {
      const bool is_first = request.has(" /first ");
      return Reaction{.bytes = is_first ? one.answer + remains : test::ok("second")};
    };
    session(server, [&](Core core) -> Task<> {
      auto response = co_await test::request(core, one.method, "http://h/first");
      EXPECT_EQ(co_await response.read(), one.body) << one.answer;
      EXPECT_EQ(co_await test::fetch(core, "http://h/second"), "second") << one.answer << remains;
    });
    return log_.connections;
  }
};
RONDO_ON_EACH_BACKEND(KeptConnectionTest);

TEST_P(KeptConnectionTest, IsUsedAgainBehindAWholeAnswer) {
  for (const AnswerCase& one : whole_answers()) EXPECT_EQ(connections(one), 1) << one.answer;
}

TEST_P(KeptConnectionTest, IsUsedAgainHoweverTheAnswerIsCut) {
  log_.streams.largest_read = 1;
  for (const AnswerCase& one : whole_answers()) EXPECT_EQ(connections(one), 1) << one.answer;
}

TEST_P(KeptConnectionTest, IsNotUsedAgainWhenTheAnswerSaysSo) {
  for (const AnswerCase& one : last_answers()) EXPECT_EQ(connections(one), 2) << one.answer;
}

TEST_P(KeptConnectionTest, IsNotUsedAgainWhenAnythingIsBehindTheAnswer) {
  for (const std::size_t largest_read : {std::size_t{65536}, std::size_t{1}}) {
    log_.streams.largest_read = largest_read;
    for (const AnswerCase& one : whole_answers()) {
      for (const std::string& rest : remains()) {
        EXPECT_EQ(connections(one, rest), 2) << one.answer << rest;
      }
    }
  }
}

}  // namespace
}  // namespace rondo::http
