// Servers that break the rules, on purpose or not: each answer ends as the right class of error
// within the limits, and the next request goes through.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/content_encoder.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using namespace std::chrono_literals;

constexpr std::string_view kStatus = "HTTP/1.1 200 OK\r\n";
constexpr std::string_view kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

struct HostileCase {
  std::string_view error;
  std::string answer;
};

std::string repeated(std::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += part;
  return text;
}

std::string coded(std::string_view coding, std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Encoding: " + std::string(coding) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string make_bomb() {
  auto encoder = proto::ContentEncoder::make("gzip");
  std::string out;
  for (int i = 0; i < 8; ++i) encoder->encode(std::string(std::size_t{1} << 20, '\0'), out);
  encoder->finish(out);
  return out;
}

const std::string& bomb() {
  static const std::string kBomb = make_bomb();
  return kBomb;
}

std::vector<HostileCase> heads() {
  const std::string status(kStatus);
  return {
      {"ClientProtocolError", "SSH-2.0-OpenSSH_9.2\r\n"},
      {"ClientProtocolError", "HTTP/2.0 200 OK\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1 99 Low\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1 2000 High\r\n\r\n"},
      {"ClientProtocolError", status + "X: " + std::string(20'000, 'x') + "\r\n\r\n"},
      {"ClientProtocolError", status + repeated("X: y\r\n", 1000) + "\r\n"},
      {"ClientProtocolError", status + repeated("X: " + std::string(8000, 'x') + "\r\n", 100)},
      {"ClientProtocolError", status + "X\r\n\r\n"},
      {"ClientProtocolError", "http/1.1 200 OK\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1 200OK\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1 -20 OK\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1 200 O\rK\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1.1 200 OK\r\n\r\n"},
      {"ClientProtocolError", "\r\n" + status + "\r\n"},
      {"ClientProtocolError", "<html>no head at all</html>"},
      {"ClientProtocolError", status + " X: folded in front of the first\r\n\r\n"},
      {"ClientProtocolError", status + "X: y\r\n" + repeated(" fold\r\n", 100'000)},
      {"ClientProtocolError", status + ": no name\r\n\r\n"},
      {"ClientProtocolError", status + "Content-Length : 2\r\n\r\nok"},
      {"ClientProtocolError", "HTTP/1.1 103 Early Hints\r\nbad\r\n\r\n" + test::ok("ok")},
      {"ClientProtocolError",
       "HTTP/1.1 103 Early Hints\r\nContent-Length: 2\r\n\r\nok" + test::ok("ok")},
      {"ClientProtocolError", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" + test::ok("ok")},
      {"ClientProtocolError", status + "X : y\r\n\r\n"},
      {"ClientProtocolError", status + std::string("X: a\0b\r\n\r\n", 10)},
      {"ClientProtocolError", status + "X: a\rSet-Cookie: b\r\n\r\n"},
      {"ClientProtocolError", repeated("HTTP/1.1 103 Early Hints\r\n\r\n", 100)},
  };
}

/// How long is the body?
std::vector<HostileCase> lengths() {
  const std::string status(kStatus);
  return {
      {"ClientProtocolError", status + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"ClientProtocolError", status + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"},
      {"ClientProtocolError", status + "Content-Length: -1\r\n\r\n"},
      {"ClientProtocolError", status + "Content-Length: 99999999999999999999\r\n\r\n"},
      {"ClientProtocolError", status + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
      {"ClientProtocolError", status + "Transfer-Encoding: chunked, gzip\r\n\r\n"},
      {"ClientProtocolError", status + "Transfer-Encoding: chunked, chunked\r\n\r\n"},
      {"ClientProtocolError", status + "Transfer-Encoding: identity\r\n\r\n"},
      {"ClientProtocolError", status + "Transfer-Encoding: \x0b" + "chunked\r\n\r\n"},
      {"ClientProtocolError", status + "Transfer-Encoding:\r\nContent-Length: 2\r\n\r\nok"},
      {"ClientProtocolError", status + "Content-Length: 2\r\n 2\r\n\r\nok"},
      {"ClientProtocolError", status + "Content-Length: 2, 3\r\n\r\nok"},
      {"ClientProtocolError", status + "Content-Length:\r\n\r\n"},
      {"ClientProtocolError", status + "Content-Length: 0x2\r\n\r\nok"},
      {"ClientProtocolError", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
  };
}

std::vector<HostileCase> bodies() {
  const std::string chunked(kChunked);
  return {
      {"ClientPayloadError", std::string(kStatus) + "Content-Length: 10\r\n\r\nshort"},
      {"ClientPayloadError", chunked + "5\r\nabc"},
      {"ClientPayloadError", chunked + "x\r\n"},
      {"ClientPayloadError", chunked + "-1\r\n"},
      {"ClientPayloadError", chunked + "ffffffffffffffff1\r\n"},
      {"ClientPayloadError", chunked + "1\r\nab\r\n"},
      {"ClientPayloadError", chunked + "0x1\r\na\r\n0\r\n\r\n"},
      {"ClientPayloadError", chunked + " 1\r\na\r\n0\r\n\r\n"},
      {"ClientPayloadError", chunked + "1;a=\"\r\n\"\r\na\r\n0\r\n\r\n"},
      {"ClientPayloadError", chunked + "1;a\rb\r\na\r\n0\r\n\r\n"},
      {"ClientPayloadError", chunked + "1;a\nb\r\na\r\n0\r\n\r\n"},
      {"ClientPayloadError", chunked + "1\r\na0\r\n\r\n"},
      {"ClientPayloadError", chunked + "1\r\na\r\r\n0\r\n\r\n"},
      {"ClientPayloadError", chunked + repeated("0", 20'000) + "1\r\na\r\n0\r\n\r\n"},
      {"ClientPayloadError", chunked + "1\nX\n0\n\n"},
      {"ClientPayloadError", chunked + repeated("1;" + std::string(9000, 'x') + "\r\na\r\n", 3)},
      {"ClientPayloadError", chunked + "0\r\n" + repeated("X: y\r\n", 1000) + "\r\n"},
      {"ClientPayloadError", chunked + "0\r\nbad trailer\r\n\r\n"},
      {"ClientPayloadError", chunked + "0\r\nX: a\r\n fold\r\n\r\n"},
      {"ClientPayloadError", chunked + "0\r\nX: a\n\r\n"},
      {"ClientPayloadError", chunked + "0\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"},
      {"ResponseTooLarge", chunked + "200000\r\n" + std::string(0x200000, 'x') + "\r\n"},
  };
}

std::vector<HostileCase> codings() {
  return {
      {"ClientPayloadError", coded("gzip", "no gzip at all")},
      {"ClientPayloadError", coded("gzip", bomb().substr(0, 1000))},
      {"ClientPayloadError", coded("deflate", "no deflate at all")},
      {"ClientPayloadError", coded("deflate", std::string("\x78\xbb\0\0\0\0", 6))},
      {"ClientPayloadError", coded("br", "\xff\xff\xff\xff")},
      {"ClientPayloadError", coded("br", "\x0b")},
      {"ClientPayloadError", coded("zstd", "\x28\xb5\x2f\xfd\xff")},
      {"ClientPayloadError", coded("zstd", std::string("\x28\xb5\x2f\xfd\0\xf8\1\0\0", 9))},
      {"ClientPayloadError", coded("gzip, gzip, gzip, gzip, gzip, gzip, gzip", "x")},
      {"ResponseTooLarge", coded("gzip", bomb())},
  };
}

std::vector<HostileCase> cases() {
  std::vector<HostileCase> all;
  for (const auto& some : {heads(), lengths(), bodies(), codings()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

class HostileServerTest : public test::ExchangeSuite {
 protected:
  /// A server that does `bad` about /bad, and is as it should be elsewhere.
  static test::Behaviour bad_once(Reaction bad) {
    return [bad](const Received& request) {
      return request.has(" /bad ") ? bad : Reaction{.bytes = test::ok("here")};
    };
  }

  void expect_error(const HostileCase& one);
};
RONDO_ON_EACH_BACKEND(HostileServerTest);

Task<std::string> error_of(Task<std::string> fetching) {
  try {
    co_await std::move(fetching);
  } catch (const ClientError& error) {
    co_return std::string(class_name(error));
  }
  co_return "none";
}

/// The error comes, and the next request goes through.
void HostileServerTest::expect_error(const HostileCase& one) {
  session(bad_once({.bytes = one.answer, .closes = true}), [&](Core core) -> Task<> {
    core->max_body = std::uint64_t{1} << 20;
    const std::string shown = one.answer.substr(0, 100);
    EXPECT_EQ(co_await error_of(test::fetch(core, "http://h/bad")), one.error) << shown;
    co_await sleep(2s);  // a small rest is read in the background
    EXPECT_EQ(core->pool->active(), 0U) << shown;
    EXPECT_EQ(co_await test::fetch(core, "http://h/good"), "here") << shown;
  });
}

TEST_P(HostileServerTest, GivesAnErrorOfTheRightClassAndHarmsNobodyElse) {
  for (const HostileCase& one : cases()) expect_error(one);
}

TEST_P(HostileServerTest, GivesTheSameErrorByteByByte) {
  log_.streams.largest_read = 1;
  constexpr std::size_t kEnough = 20'000;  // the others are the same for long
  for (const HostileCase& one : cases()) {
    if (one.answer.size() < kEnough) expect_error(one);
  }
}

TEST_P(HostileServerTest, MayEndItsAnswerAtAnyByte) {
  std::string body;
  auto encoder = proto::ContentEncoder::make("gzip");
  encoder->encode("hello", body);
  encoder->finish(body);
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  const std::string head = interim +
                           "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX: a\r\n b\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n";
  const std::string whole = head + fmt::format("{:x};a=b\r\n{}\r\n", body.size(), body) +
                            "00\r\nContent-Length: 3\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bool is_in_head = size < head.size();
    expect_error(
        {is_in_head ? "ServerDisconnectedError" : "ClientPayloadError", whole.substr(0, size)});
  }
  expect_error({"none", whole});
}

TEST_P(HostileServerTest, IsReadToTheEndOfItsRedirectAndNoFurther) {
  // What is wrong with a body that nobody wants to read is no reason to go nowhere, but to go there
  // over another connection.
  for (const std::string body :
       {"Content-Length: 9\r\n\r\nshort", "Content-Length: 99999999999\r\n\r\n", "\r\nendless",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        "Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n", "Connection: close\r\n\r\n"}) {
    log_ = {};
    const std::string answer = "HTTP/1.1 302 Found\r\nLocation: /good\r\n" + body;
    session(bad_once({.bytes = answer}), [](Core core) -> Task<> {
      EXPECT_EQ(co_await test::fetch(core, "http://h/bad"), "here");
      co_await sleep(2s);  // the small rest that never comes is given up
    });
    EXPECT_EQ(log_.connections, 2) << body;
  }
}

TEST_P(HostileServerTest, MayNotExpandABodyBeyondARatio) {
  session(coded("gzip", bomb()), [&](Core core) -> Task<> {
    core->decode_limits.max_ratio = 100;
    EXPECT_EQ(co_await error_of(test::fetch(core, "http://h/")), "ResponseTooLarge");
    co_await sleep(2s);
  });
}

TEST_P(HostileServerTest, MayNotAnswerWhatNobodyHasAsked) {
  // The second answer would be that of the next request.
  session(test::ok("mine") + test::ok("not mine"), [&](Core core) -> Task<> {
    EXPECT_EQ(co_await test::fetch(core, "http://h/a"), "mine");
    EXPECT_EQ(co_await test::fetch(core, "http://h/b"), "mine");
  });
  EXPECT_EQ(log_.connections, 2);
}

TEST_P(HostileServerTest, MayNotTakeForEver) {
  const Reaction slow{.bytes = std::string(kChunked), .late = "1\r\nx\r\n", .late_delay = 1h};
  session(bad_once(slow), [&](Core core) -> Task<> {
    core->defaults.timeout.sock_read = 10s;
    EXPECT_EQ(co_await error_of(test::fetch(core, "http://h/bad")), "ServerTimeoutError");
    core->defaults.timeout.sock_read.reset();
    EXPECT_EQ(co_await error_of(test::fetch(core, "http://h/bad")), "ServerTimeoutError");
    EXPECT_EQ(core->pool->active(), 0U);
    EXPECT_EQ(co_await test::fetch(core, "http://h/good"), "here");
  });
}

}  // namespace
}  // namespace rondo::http
