// The bodies of answers: reading, text, codings, limits, and what becomes of the connection.

#include <gtest/gtest.h>

#include <random>
#include <tuple>

#include "rondo/http/draining.hpp"
#include "rondo/http/json.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/timeout.hpp"

#include "tests/http/exchange_fixture.hpp"
#include "tests/proto/coded_bodies.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using test::Core;
using test::Reaction;
using test::Received;

class ResponseBodyTest : public test::ExchangeSuite {};
RONDO_ON_EACH_BACKEND(ResponseBodyTest);

std::string answer(std::string_view fields, std::string_view body) {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  return head.append(fields).append("\r\n").append(body);
}

Task<Response> get(Core core) {
  return test::request(core, "GET", "http://h/");
}

Task<std::string> read_in_pieces(Response& response) {
  std::string body;
  while (true) {
    const std::string_view piece = co_await response.read_any();
    if (piece.empty()) co_return body;
    body.append(piece);
  }
}

std::string some_text() {
  std::string text;
  for (int i = 0; text.size() < 200000; ++i) text += "line " + std::to_string(i * i) + "\n";
  return text;
}

TEST_P(ResponseBodyTest, IsReadWholeOrInPieces) {
  const std::string text = some_text();
  session(answer("", text), [&](Core core) -> Task<> {
    auto whole = co_await get(core);
    EXPECT_EQ(co_await whole.read(), text);
    EXPECT_EQ(core->pool->idle(), 1U) << "given back at the end of the body, not of the response";
    auto pieces = co_await get(core);
    EXPECT_EQ(co_await read_in_pieces(pieces), text);
    auto both = co_await get(core);
    const std::string first(co_await both.read_any());
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(first + co_await both.read(), text);
  });
  EXPECT_EQ(log_.connections, 1);
}

/// Whether all of it has come with its head or not.
TEST_P(ResponseBodyTest, IsATaskWhereOneIsWanted) {
  for (const std::string& text : {std::string("small"), some_text()}) {
    session(answer("", text), [&](Core core) -> Task<> {
      auto one = co_await get(core);
      Task<std::string> task = one.read();
      EXPECT_EQ(co_await std::move(task), text);
      auto two = co_await get(core);
      auto three = co_await get(core);
      const auto [second, third] = co_await gather(two.read(), timeout(5s, three.read()));
      EXPECT_EQ(second, text);
      EXPECT_EQ(third, text);
      auto moved = co_await get(core);
      auto reading = moved.read();
      const Response elsewhere = std::move(moved);
      EXPECT_EQ(co_await reading, text);
    });
  }
}

TEST_P(ResponseBodyTest, CanBeReadOnce) {
  session(answer("", "x"), [](Core core) -> Task<> {
    auto response = co_await get(core);
    co_await response.read();
    EXPECT_THROW(co_await response.read(), InvalidStateError);
    EXPECT_THROW(co_await response.text(), InvalidStateError);
    EXPECT_THROW(co_await response.read_any(), InvalidStateError);
  });
}

Task<std::string> text_of(Core core) {
  auto response = co_await get(core);
  co_return co_await response.text();
}

TEST_P(ResponseBodyTest, IsTextInTheCharsetOfTheServer) {
  for (const auto& [type, bytes, text] : {
           std::tuple{"text/plain; charset=iso-8859-1", "\xe9t\xe9", "\u00e9t\u00e9"},
           std::tuple{"text/plain; charset=shift_jis", "\x93\xfa", "\u65e5"},
           std::tuple{"text/plain", "\u00e9", "\u00e9"},
           std::tuple{"text/plain; charset=klingon", "\u00e9", "\u00e9"},
           std::tuple{"text/plain; charset=utf-8", "a\xff", "a\ufffd"},
       }) {
    session(answer("Content-Type: " + std::string(type) + "\r\n", bytes),
            [&](Core core) -> Task<> { EXPECT_EQ(co_await text_of(core), text) << type; });
  }
}

TEST_P(ResponseBodyTest, IsJsonWhereItSaysSoAndIs) {
  session(answer("Content-Type: application/json\r\n", R"({"a": [1, 2]})"),
          [](Core core) -> Task<> {
            auto response = co_await get(core);
            const auto value = co_await response.json();
            EXPECT_EQ(value["a"][1], 2);
          });
  session(answer("Content-Type: application/json\r\n", "{"), [](Core core) -> Task<> {
    auto response = co_await get(core);
    co_await test::failure_of<ClientPayloadError>(response.json());
  });
  session(answer("Content-Type: text/html\r\n", "{}"), [](Core core) -> Task<> {
    auto response = co_await get(core);
    co_await test::failure_of<ContentTypeError>(response.json());
    EXPECT_EQ(co_await response.read(), "{}") << "it was not taken";
  });
}

std::string coded_answer(std::string_view coding, std::string_view body) {
  return answer("Content-Encoding: " + std::string(coding) + "\r\n", body);
}

TEST_P(ResponseBodyTest, IsDecodedHoweverItIsCut) {
  const std::string text = some_text();
  for (const auto& [coding, coded] :
       {std::pair{"gzip", proto::gzip(text)}, std::pair{"deflate", proto::zlib(text)},
        std::pair{"br", proto::brotli(text)}, std::pair{"zstd", proto::zstd(text)}}) {
    log_.streams.largest_read = 1000;
    session(coded_answer(coding, coded), [&](Core core) -> Task<> {
      auto whole = co_await get(core);
      EXPECT_EQ(whole.content_length(), coded.size());
      EXPECT_EQ(co_await whole.read(), text) << coding;
      auto pieces = co_await get(core);
      EXPECT_EQ(co_await read_in_pieces(pieces), text) << coding;
      EXPECT_EQ(core->pool->idle(), 1U);
    });
  }
}

TEST_P(ResponseBodyTest, IsLeftAsItIsWithoutAutoDecompress) {
  const std::string coded = proto::gzip("text");
  session(coded_answer("gzip", coded), [&](Core core) -> Task<> {
    core->auto_decompress = false;
    auto response = co_await get(core);
    EXPECT_EQ(co_await response.read(), coded);
  });
}

TEST_P(ResponseBodyTest, WithADamagedCodingIsAPayloadError) {
  std::string damaged = proto::gzip("some text to damage");
  damaged[damaged.size() - 6] ^= 1;
  const std::string whole = proto::gzip("some text to cut");
  for (const std::string& body : {damaged, whole.substr(0, whole.size() - 1), std::string("no")}) {
    session(coded_answer("gzip", body), [](Core core) -> Task<> {
      auto response = co_await get(core);
      const auto error = co_await test::failure_of<ClientPayloadError>(response.read());
      EXPECT_EQ(error.phase(), Phase::receive);
    });
  }
}

TEST_P(ResponseBodyTest, ThatIsCutIsAPayloadError) {
  const test::Behaviour cut = [](const Received&) {
    return Reaction{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", .closes = true};
  };
  session(cut, [](Core core) -> Task<> {
    auto whole = co_await get(core);
    co_await test::failure_of<ClientPayloadError>(whole.read());
    auto pieces = co_await get(core);
    EXPECT_EQ(co_await pieces.read_any(), "half");
    co_await test::failure_of<ClientPayloadError>(pieces.read_any());
    EXPECT_EQ(core->pool->active(), 0U) << "the connection is closed at once";
  });
}

TEST_P(ResponseBodyTest, LargerThanAllowedInMemoryIsAnError) {
  const std::string text(1000, 'x');
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + text + "\r\n0\r\n\r\n";
  for (const std::string& bytes :
       {answer("", text), chunked, coded_answer("gzip", proto::gzip(text))}) {
    session(bytes, [&](Core core) -> Task<> {
      core->max_body_in_memory = 999;
      auto whole = co_await get(core);
      co_await test::failure_of<ResponseTooLarge>(whole.read());
      auto pieces = co_await get(core);
      EXPECT_EQ(co_await read_in_pieces(pieces), text) << "pieces have no limit";
      core->max_body_in_memory = 1000;
      auto fits = co_await get(core);
      EXPECT_EQ(co_await fits.read(), text);
    });
  }
}

TEST_P(ResponseBodyTest, ThatIsABombEndsAtTheLimits) {
  const std::string bomb = proto::gzip(std::string(8 << 20, '\0'));
  session(coded_answer("gzip", bomb), [](Core core) -> Task<> {
    core->max_body_in_memory = 1 << 20;
    auto whole = co_await get(core);
    co_await test::failure_of<ResponseTooLarge>(whole.read());
    core->decode_limits.max_ratio = 100;
    auto pieces = co_await get(core);
    co_await test::failure_of<ResponseTooLarge>(read_in_pieces(pieces));
  });
}

TEST_P(ResponseBodyTest, ThatIsNothingButCodingEndsAtTheLimits) {
  // A gzip header with the name of a file in it, which goes on and on.
  const std::string head("\x1f\x8b\x08\x08\0\0\0\0\0\0", 10);
  const std::string nothing = head + std::string(3 << 20, 'a');
  session(coded_answer("gzip", nothing), [](Core core) -> Task<> {
    core->max_body_in_memory = 1 << 20;
    auto whole = co_await get(core);
    co_await test::failure_of<ResponseTooLarge>(whole.read());
    core->max_body = 1 << 20;
    auto pieces = co_await get(core);
    co_await test::failure_of<ResponseTooLarge>(read_in_pieces(pieces));
    core->max_body = 3 << 20;
    auto cut = co_await get(core);
    co_await test::failure_of<ClientPayloadError>(read_in_pieces(cut));
  });
}

TEST_P(ResponseBodyTest, MayBeLongerBeforeItIsDecodedThanItsLimit) {
  std::string plain(1 << 20, '\0');
  std::minstd_rand random(1);
  for (char& c : plain) c = static_cast<char>(random() >> 8);
  const std::string coded = proto::gzip(plain);
  EXPECT_GT(coded.size(), plain.size());
  session(coded_answer("gzip", coded), [&](Core core) -> Task<> {
    core->max_body_in_memory = plain.size();
    core->max_body = plain.size();
    auto whole = co_await get(core);
    EXPECT_TRUE(co_await whole.read() == plain);
  });
}

TEST_P(ResponseBodyTest, DroppedUnreadLeavesTheConnectionIfItIsSmall) {
  const test::Behaviour late = [](const Received&) {
    return Reaction{
        .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", .late = "b", .late_delay = 500ms};
  };
  session(late, [](Core core) -> Task<> {
    {
      const auto dropped = co_await get(core);
    }
    EXPECT_EQ(core->pool->active(), 1U);
    co_await sleep(600ms);
    EXPECT_EQ(core->pool->idle(), 1U);
    auto again = co_await get(core);
    EXPECT_EQ(co_await again.read(), "ab");
    EXPECT_EQ(core->pool->statistics().drained, 1U);
    EXPECT_EQ(core->pool->statistics().closed.total(), 0U);
  });
  EXPECT_EQ(log_.connections, 1);
}

TEST_P(ResponseBodyTest, DroppedUnreadClosesAConnectionThatTakesTooLong) {
  const test::Behaviour late = [](const Received&) {
    return Reaction{
        .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", .late = "b", .late_delay = 1h};
  };
  session(late, [&](Core core) -> Task<> {
    {
      const auto dropped = co_await get(core);
    }
    co_await sleep(kDrainLimit + 10ms);
    EXPECT_EQ(core->pool->active(), 0U);
    EXPECT_EQ(core->pool->idle(), 0U);
    EXPECT_EQ(core->pool->statistics().closed.unread, 1U);
    EXPECT_EQ(core->pool->statistics().drained, 0U);
  });
}

TEST_P(ResponseBodyTest, DroppedUnreadClosesTheConnectionIfItIsLarge) {
  const std::string body(ResponseBody::kMaxDrained + 100000, 'x');
  session(answer("", body), [](Core core) -> Task<> {
    {
      const auto dropped = co_await get(core);
    }
    EXPECT_EQ(core->pool->active(), 0U);
    EXPECT_EQ(core->pool->idle(), 0U);
    EXPECT_EQ(core->pool->statistics().closed.unread, 1U);
    EXPECT_EQ(core->pool->statistics().closed.total(), 1U);
  });
}

TEST_P(ResponseBodyTest, LosesNothingWhenAReadIsCancelled) {
  const test::Behaviour late = [](const Received&) {
    return Reaction{
        .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", .late = "b", .late_delay = 1s};
  };
  session(late, [](Core core) -> Task<> {
    auto response = co_await get(core);
    EXPECT_EQ(co_await response.read_any(), "a");
    EXPECT_THROW(co_await timeout(100ms, response.read_any()), TimeoutError);
    EXPECT_EQ(co_await response.read_any(), "b");
    EXPECT_EQ(co_await response.read_any(), "");
  });
}

TEST_P(ResponseBodyTest, CannotBeReadOnceItWasReleased) {
  session(answer("", some_text()), [](Core core) -> Task<> {
    auto response = co_await get(core);
    response.release();
    co_await test::failure_of<InvalidStateError>(response.read_any());
    co_await test::failure_of<InvalidStateError>(response.read());
  });
}

TEST_P(ResponseBodyTest, FailsAgainAsItHasFailed) {
  const test::Behaviour cut = [](const Received&) {
    return Reaction{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", .closes = true};
  };
  session(cut, [](Core core) -> Task<> {
    auto response = co_await get(core);
    EXPECT_EQ(co_await response.read_any(), "a");
    const auto first = co_await test::failure_of<ClientPayloadError>(response.read_any());
    const auto second = co_await test::failure_of<ClientPayloadError>(response.read_any());
    EXPECT_STREQ(first.what(), second.what());
  });
}

TEST_P(ResponseBodyTest, CannotBeReadAfterATimeOut) {
  const test::Behaviour late = [](const Received&) {
    return Reaction{
        .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", .late = "b", .late_delay = 1h};
  };
  session(late, [](Core core) -> Task<> {
    const RequestOptions options{.timeout = ClientTimeout{.sock_read = 1s}};
    auto response = co_await test::request(core, "GET", "http://h/", options);
    EXPECT_EQ(co_await response.read_any(), "a");
    co_await test::failure_of<ServerTimeoutError>(response.read_any());
    co_await test::failure_of<ServerTimeoutError>(response.read());
  });
}

TEST_P(ResponseBodyTest, OutlivesItsSession) {
  session(answer("", some_text()), [](Core core) -> Task<> {
    auto response = co_await get(core);
    core->pool->close();
    core.reset();
    EXPECT_EQ(co_await response.read(), some_text());
  });
}

TEST_P(ResponseBodyTest, GivesUpARequestThatIsStillSentWhenItOutlivesItsLoop) {
  std::optional<Response> kept;
  testing::StreamScript early{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"},
                              .ending = testing::StreamScript::kSilence,
                              .accepts = 1000};
  std::vector<testing::StreamRecord> records;
  const auto keep = [&]() -> Task<> {
    auto source = std::make_unique<test::ScriptedSource>(std::vector{early}, records);
    const Core core = test::make_core(get_running_loop(), std::move(source));
    const std::string body(100000, 'x');
    const RequestOptions options{.data = body};
    kept = co_await test::request(core, "POST", "http://h/", options);
  };
  run(keep(), {.time = &time_});
  EXPECT_EQ(time_.elapsed(), 0s) << "the end of the loop does not wait for it";
  EXPECT_EQ(kept->status(), 200);
  kept.reset();
  EXPECT_TRUE(records.at(0).was_destroyed);
}

TEST_P(ResponseBodyTest, LeavesStatusAndHeadersToAResponseThatOutlivesItsLoop) {
  std::optional<Response> kept;
  const auto keep = [&](TaskGroup& group) -> Task<> {
    const test::Behaviour behaviour = [](const Received&) {
      return Reaction{.bytes = answer("X: y\r\n", std::string(1 << 20, 'x'))};
    };
    auto source = std::make_unique<test::MemoryServer>(group, log_, behaviour);
    kept = co_await get(test::make_core(get_running_loop(), std::move(source)));
    group.cancel();
  };
  run(with_task_group(keep), {.time = &time_});
  EXPECT_EQ(kept->status(), 200);
  EXPECT_EQ(kept->headers().get("X"), "y");
}

}  // namespace
}  // namespace rondo::http
