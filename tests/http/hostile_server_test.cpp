// Servers that break the rules, on purpose or not: each answer ends as the right class of error
// within the limits, and the next request goes through.

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

std::vector<HostileCase> cases() {
  const std::string status = "HTTP/1.1 200 OK\r\n";
  const std::string chunked(kChunked);
  return {
      // Heads.
      {"ClientProtocolError", "SSH-2.0-OpenSSH_9.2\r\n"},
      {"ClientProtocolError", "HTTP/2.0 200 OK\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1 99 Low\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.1 2000 High\r\n\r\n"},
      {"ClientProtocolError", status + "X: " + std::string(20'000, 'x') + "\r\n\r\n"},
      {"ClientProtocolError", status + repeated("X: y\r\n", 1000) + "\r\n"},
      {"ClientProtocolError", status + repeated("X: " + std::string(8000, 'x') + "\r\n", 100)},
      {"ClientProtocolError", status + "X\r\n\r\n"},
      {"ClientProtocolError", status + "X : y\r\n\r\n"},
      {"ClientProtocolError", status + std::string("X: a\0b\r\n\r\n", 10)},
      {"ClientProtocolError", status + "X: a\rSet-Cookie: b\r\n\r\n"},
      {"ClientProtocolError", repeated("HTTP/1.1 103 Early Hints\r\n\r\n", 100)},
      // Which length?
      {"ClientProtocolError", status + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"ClientProtocolError", status + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"},
      {"ClientProtocolError", status + "Content-Length: -1\r\n\r\n"},
      {"ClientProtocolError", status + "Content-Length: 99999999999999999999\r\n\r\n"},
      {"ClientProtocolError", status + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
      {"ClientProtocolError", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"},
      // Bodies.
      {"ClientPayloadError", status + "Content-Length: 10\r\n\r\nshort"},
      {"ClientPayloadError", chunked + "5\r\nabc"},
      {"ClientPayloadError", chunked + "x\r\n"},
      {"ClientPayloadError", chunked + "-1\r\n"},
      {"ClientPayloadError", chunked + "ffffffffffffffff1\r\n"},
      {"ClientPayloadError", chunked + "1\r\nab\r\n"},
      {"ClientPayloadError", chunked + "1\nX\n0\n\n"},
      {"ClientPayloadError", chunked + repeated("1;" + std::string(9000, 'x') + "\r\na\r\n", 3)},
      {"ClientPayloadError", chunked + "0\r\n" + repeated("X: y\r\n", 1000) + "\r\n"},
      {"ClientPayloadError", chunked + "0\r\nbad trailer\r\n\r\n"},
      // Codings.
      {"ClientPayloadError", coded("gzip", "no gzip at all")},
      {"ClientPayloadError", coded("gzip", bomb().substr(0, 1000))},
      {"ClientPayloadError", coded("gzip, gzip, gzip, gzip, gzip, gzip, gzip", "x")},
      {"ResponseTooLarge", coded("gzip", bomb())},
      {"ResponseTooLarge", chunked + "200000\r\n" + std::string(0x200000, 'x') + "\r\n"},
  };
}

class HostileServerTest : public test::ExchangeSuite {};
RONDO_ON_EACH_BACKEND(HostileServerTest);

Task<std::string> error_of(Task<std::string> fetching) {
  try {
    co_await std::move(fetching);
  } catch (const ClientError& error) {
    co_return std::string(class_name(error));
  }
  co_return "none";
}

TEST_P(HostileServerTest, GivesAnErrorOfTheRightClassAndHarmsNobodyElse) {
  for (const HostileCase& one : cases()) {
    const test::Behaviour server = [&](const Received& request) {
      const bool is_bad = request.has(" /bad ");
      return Reaction{.bytes = is_bad ? one.answer : test::ok("here"), .closes = is_bad};
    };
    session(server, [&](Core core) -> Task<> {
      core->max_body = std::uint64_t{1} << 20;
      const std::string shown = one.answer.substr(0, 100);
      EXPECT_EQ(co_await error_of(test::fetch(core, "http://h/bad")), one.error) << shown;
      co_await sleep(2s);  // a small rest is read in the background
      EXPECT_EQ(core->pool->active(), 0U) << shown;
      EXPECT_EQ(co_await test::fetch(core, "http://h/good"), "here") << shown;
    });
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
  const test::Behaviour slow = [](const Received& request) {
    if (!request.has(" /bad ")) return Reaction{.bytes = test::ok("here")};
    return Reaction{.bytes = std::string(kChunked), .late = "1\r\nx\r\n", .late_delay = 1h};
  };
  session(slow, [&](Core core) -> Task<> {
    core->timeout.sock_read = 10s;
    EXPECT_EQ(co_await error_of(test::fetch(core, "http://h/bad")), "ServerTimeoutError");
    core->timeout.sock_read.reset();
    EXPECT_EQ(co_await error_of(test::fetch(core, "http://h/bad")), "ServerTimeoutError");
    EXPECT_EQ(core->pool->active(), 0U);
    EXPECT_EQ(co_await test::fetch(core, "http://h/good"), "here");
  });
}

}  // namespace
}  // namespace rondo::http
