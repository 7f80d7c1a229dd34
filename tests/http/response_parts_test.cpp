// What an answer says beside its body, and the body in pieces, lines, events and files.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rondo/runtime/file.hpp"

#include "tests/http/exchange_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using ::testing::ElementsAre;

class ResponsePartsTest : public test::ExchangeSuite {};
RONDO_ON_EACH_BACKEND(ResponsePartsTest);

std::string chunked(const std::vector<std::string>& pieces, std::string_view fields = {},
                    std::string_view trailers = {}) {
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
  text.append(fields).append("\r\n");
  for (const std::string& piece : pieces) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    text.append(size).append(piece).append("\r\n");
  }
  return text.append("0\r\n").append(trailers).append("\r\n");
}

TEST_P(ResponsePartsTest, GivesTheFieldsBehindABody) {
  session(chunked({"abc"}, "", "X-Sum: 7\r\nX-Sum: 8\r\n"), [](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/");
    EXPECT_TRUE(response.trailers().empty());
    EXPECT_EQ(co_await response.read(), "abc");
    EXPECT_EQ(response.trailers().combined("x-sum"), "7, 8");
    EXPECT_FALSE(response.headers().contains("X-Sum"));
  });
}

TEST_P(ResponsePartsTest, KeepsInformationalAnswers) {
  const std::string answer =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n" +
      test::ok("here");
  session(answer, [](Core core) -> Task<> {
    for (int i = 0; i < 2; ++i) {
      auto response = co_await test::request(core, "GET", "http://h/");
      EXPECT_EQ(response.informational().size(), 2U);
      EXPECT_EQ(response.informational().at(1).headers.get("Link"), "</b>");
      EXPECT_EQ(co_await response.read(), "here");
    }
  });
}

TEST_P(ResponsePartsTest, ReadsLinksCookiesAndDisposition) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nLink: <../b?c>; rel=\"next\"\r\n"
      "Set-Cookie: a=1; Path=/x; Secure\r\nSet-Cookie: b=2\r\n"
      "Content-Disposition: attachment; filename*=UTF-8''%e2%82%ac.txt\r\n\r\n";
  session(answer, [](Core core) -> Task<> {
    const auto response = co_await test::request(core, "GET", "http://h/x/a/");
    const auto links = response.links();
    EXPECT_EQ(links.size(), 1U);
    EXPECT_EQ(links.at(0).target, "http://h/x/b?c");
    EXPECT_TRUE(links.at(0).has_relation("next"));
    const auto cookies = response.cookies();
    EXPECT_EQ(cookies.size(), 2U);
    EXPECT_EQ(cookies.at(0).path, "/x");
    EXPECT_EQ(cookies.at(1).value, "2");
    EXPECT_EQ(response.content_disposition()->filename(), "\u20ac.txt");
  });
}

Task<std::vector<std::string>> chunks_of(Core core, std::size_t size) {
  auto response = co_await test::request(core, "GET", "http://h/");
  ResponseChunks chunks = response.chunks(size);
  std::vector<std::string> all;
  while (true) {
    const std::string_view chunk = co_await chunks.next();
    if (chunk.empty()) break;
    all.emplace_back(chunk);
  }
  EXPECT_TRUE((co_await chunks.next()).empty());
  co_return all;
}

TEST_P(ResponsePartsTest, GivesPiecesOfOneSize) {
  session(chunked({"abc", "d", "efgh"}), [](Core core) -> Task<> {
    EXPECT_THAT(co_await chunks_of(core, 1), ElementsAre("a", "b", "c", "d", "e", "f", "g", "h"));
    EXPECT_THAT(co_await chunks_of(core, 2), ElementsAre("ab", "cd", "ef", "gh"));
    EXPECT_THAT(co_await chunks_of(core, 3), ElementsAre("abc", "def", "gh"));
    EXPECT_THAT(co_await chunks_of(core, 8), ElementsAre("abcdefgh"));
    EXPECT_THAT(co_await chunks_of(core, 9), ElementsAre("abcdefgh"));
  });
  session(test::ok(""),
          [](Core core) -> Task<> { EXPECT_THAT(co_await chunks_of(core, 4), ElementsAre()); });
}

Task<std::vector<std::string>> lines_of(Core core) {
  auto response = co_await test::request(core, "GET", "http://h/");
  ResponseLines lines = response.lines(8);
  std::vector<std::string> all;
  while (true) {
    const std::optional<std::string_view> line = co_await lines.next();
    if (!line) break;
    all.emplace_back(*line);
  }
  co_return all;
}

TEST_P(ResponsePartsTest, GivesLinesHoweverTheyAreCut) {
  const std::string text = "one\r\n\ntwo\n\r\nthree";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    session(chunked({text.substr(0, cut), text.substr(cut)}), [](Core core) -> Task<> {
      EXPECT_THAT(co_await lines_of(core), ElementsAre("one", "", "two", "", "three"));
    });
  }
  session(chunked({"a\nb\n"}),
          [](Core core) -> Task<> { EXPECT_THAT(co_await lines_of(core), ElementsAre("a", "b")); });
  session(chunked({"12345678\n1234567", "89\n"}), [](Core core) -> Task<> {
    co_await test::failure_of<ResponseTooLarge>(lines_of(core));
    EXPECT_EQ(core->pool->active(), 0U);
  });
}

TEST_P(ResponsePartsTest, GivesServerSentEvents) {
  const std::string fields = "Content-Type: text/event-stream; charset=utf-8\r\n";
  const std::vector<std::string> pieces = {"retry: 50\nda", "ta: a\ndata: b\n",
                                           "\nevent: x\nid: 7\n",
                                           "data: c\n\n: no\n\ndata: lost\n"};
  session(chunked(pieces, fields), [](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/");
    ResponseEvents events = response.events();
    const auto first = co_await events.next();
    EXPECT_EQ(first->data, "a\nb");
    EXPECT_EQ(first->type, "message");
    const auto second = co_await events.next();
    EXPECT_EQ(second->data, "c");
    EXPECT_EQ(second->type, "x");
    EXPECT_EQ(second->id, "7");
    const auto third = co_await events.next();
    EXPECT_FALSE(third.has_value());
    EXPECT_EQ(events.retry(), std::chrono::milliseconds(50));
    EXPECT_EQ(events.last_event_id(), "7");
  });
  session(test::ok("data: a\n\n"), [](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/");
    EXPECT_THROW(static_cast<void>(response.events()), ContentTypeError);
  });
}

std::vector<std::string> names_in(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST_P(ResponsePartsTest, IsSavedWholeOrNotAtAll) {
  const rondo::test::TemporaryDirectory directory;
  const std::string path = (directory.path() / "page").string();
  const std::string content(200'000, 'x');
  session(chunked({content, "end"}), [&](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/");
    EXPECT_EQ(co_await response.save_to(path), 200'003U);
    EXPECT_TRUE(co_await read_file(path) == content + "end");
  });
  const test::Behaviour cut = [](const Received&) {
    return Reaction{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", .closes = true};
  };
  session(cut, [&](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/");
    EXPECT_EQ(response.received_bytes(), 0U);
    co_await test::failure_of<ClientPayloadError>(response.save_to(path));
    EXPECT_EQ(response.received_bytes(), 5U);
    EXPECT_TRUE(co_await read_file(path) == content + "end") << "the old content stays";
  });
  EXPECT_THAT(names_in(directory.path()), ElementsAre("page"));
  session(test::ok("x"), [&](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/");
    co_await test::failure_of<OsError>(response.save_to(path + "/nowhere"));
  });
}

}  // namespace
}  // namespace rondo::http
