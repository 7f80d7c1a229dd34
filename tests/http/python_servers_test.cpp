// Requests as servers understand them that others wrote: aiohttp's and httpbin.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/http/form_data.hpp"
#include "rondo/http/json.hpp"
#include "rondo/proto/digest.hpp"

#include "tests/support/each_backend.hpp"
#include "tests/support/python_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::http {
namespace {

using test::PythonServer;
using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PythonServersTest : public test::EachBackend {
 protected:
  static std::string httpbin(std::string_view path) { return PythonServer::httpbin().url(path); }
  static std::string aiohttp(std::string_view path) { return PythonServer::aiohttp().url(path); }
};
RONDO_ON_EACH_BACKEND(PythonServersTest);

/// Blocks of text, as many as asked for.
class Blocks final : public BodyStream {
 public:
  explicit Blocks(int count) : count_(count) {}

  static std::string block(int number) {
    return std::string(10'000, static_cast<char>('a' + number));
  }

  Task<std::string_view> next() override {
    if (next_ == count_) co_return std::string_view();
    block_ = block(next_++);
    co_return block_;
  }

 private:
  int count_;
  int next_ = 0;
  std::string block_;
};

std::string all_blocks(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += Blocks::block(i);
  return text;
}

std::string echoed(std::string_view method, std::string_view version, std::string_view coding,
                   const std::string& body, std::string_view transfer_coding) {
  std::string text(method);
  text.append("\n").append(version).append("\napplication/octet-stream\n").append(coding);
  text.append("\n").append(std::to_string(body.size())).append("\n");
  return text.append(proto::sha256_hex(body)).append("\n").append(transfer_coding);
}

Task<> send_bodies(std::string url, std::string path, std::string content) {
  const ClientSession session({.headers = {{"Content-Type", "application/octet-stream"}}});
  const auto send = [&](const RequestBody& body, RequestOptions options) {
    options.data = body;
    return session.put(url, options);
  };
  auto chunked = co_await send(RequestBody::stream(std::make_shared<Blocks>(20)), {});
  EXPECT_EQ(co_await chunked.text(), echoed("PUT", "1.1", "-", all_blocks(20), "chunked"));
  auto file = co_await send(RequestBody::file(path), {});
  EXPECT_EQ(co_await file.text(), echoed("PUT", "1.1", "-", content, "-"));
  for (const char* coding : {"gzip", "deflate", "br", "zstd"}) {
    auto packed =
        co_await send(RequestBody::stream(std::make_shared<Blocks>(20)), {.compress = coding});
    EXPECT_EQ(co_await packed.text(), echoed("PUT", "1.1", coding, all_blocks(20), "chunked"));
    auto whole = co_await send(RequestBody(content), {.compress = coding});
    EXPECT_EQ(co_await whole.text(), echoed("PUT", "1.1", coding, content, "-"));
  }
  auto asked = co_await send(RequestBody(content), {.expect100 = true});
  EXPECT_EQ(co_await asked.text(), echoed("PUT", "1.1", "-", content, "-"));
  EXPECT_EQ(session.idle_connections(), 1U);
  auto old = co_await send(RequestBody(content), {.version = HttpVersion::http_1_0});
  EXPECT_EQ(co_await old.text(), echoed("PUT", "1.0", "-", content, "-"));
}

TEST_P(PythonServersTest, TakeEveryKindOfBody) {
  const TemporaryDirectory directory;
  std::string content;
  for (int i = 0; content.size() < 500'000; ++i) content += std::to_string(i) + "\n";
  const std::string path = directory.write("data.txt", content).string();
  run(send_bodies(aiohttp("/echo"), path, content));
}

Task<> ask_and_be_refused(std::string base) {
  const ClientSession session;
  auto refused = co_await session.post(base + "/refuse",
                                       {.data = std::string(100'000, 'x'), .expect100 = true});
  EXPECT_EQ(refused.status(), 413);
  EXPECT_THAT(co_await refused.text(), HasSubstr("exceeded"));
  auto next = co_await session.get(base + "/stream");
  EXPECT_EQ(co_await next.text(), "0123456789");
}

TEST_P(PythonServersTest, RefuseABodyBeforeItIsSent) {
  run(ask_and_be_refused(aiohttp("")));
}

Task<> send_form(std::string url, std::string path) {
  const ClientSession session;
  FormData form;
  form.add_field("title", "R\u00f6ndo \"1\"");
  form.add_file("score", path, "text/x-score");
  form.add_field("note", "in memory", "text/plain", "a/b/note.txt");
  auto response = co_await session.post(url, {.data = form.body()});
  EXPECT_EQ(co_await response.text(),
            "title None - 10\nscore data.txt text/x-score 300000\nnote note.txt text/plain 9");
}

TEST_P(PythonServersTest, ReadAFormWithFiles) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("data.txt", std::string(300'000, 'x')).string();
  run(send_form(aiohttp("/form"), path));
}

Task<> read_in_pieces(std::string base) {
  const ClientSession session;
  auto stream = co_await session.get(base + "/stream");
  ResponseChunks chunks = stream.chunks(4);
  std::vector<std::string> all;
  while (true) {
    const std::string_view chunk = co_await chunks.next();
    if (chunk.empty()) break;
    all.emplace_back(chunk);
  }
  EXPECT_THAT(all, ElementsAre("0123", "4567", "89"));
  auto response = co_await session.get(base + "/events");
  ResponseEvents events = response.events();
  std::vector<std::string> data;
  while (true) {
    const auto event = co_await events.next();
    if (!event) break;
    data.push_back(event->type + " " + event->data);
  }
  EXPECT_THAT(data, ElementsAre("message a", "x b\nc", "message d"));
}

TEST_P(PythonServersTest, AreReadInPiecesAndEvents) {
  run(read_in_pieces(aiohttp("")));
}

Task<> ask_httpbin(SessionOptions options, std::string path) {
  ClientSession session(options);
  auto form = co_await session.post("/post", {.params = {{"a", "b c"}}, .form = {{"k", "v&w"}}});
  const nlohmann::json posted = co_await form.json();
  EXPECT_EQ(posted["args"]["a"], "b c");
  EXPECT_EQ(posted["form"]["k"], "v&w");

  FormData parts;
  parts.add_field("field", "value");
  parts.add_file("upload", path);
  auto multipart = co_await session.post("/post", {.data = parts.body()});
  const nlohmann::json uploaded = co_await multipart.json();
  EXPECT_EQ(uploaded["form"]["field"], "value");
  EXPECT_EQ(uploaded["files"]["upload"], "the content");

  auto cookies = co_await session.get("/cookies/set?flavour=vanilla", {.cookies = {{"own", "1"}}});
  const nlohmann::json kept = co_await cookies.json();
  EXPECT_EQ(kept["cookies"]["flavour"], "vanilla");
  EXPECT_EQ(cookies.history().size(), 1U);
  EXPECT_EQ(cookies.url().pathname(), "/cookies");

  auto zipped = co_await session.get("/gzip");
  const nlohmann::json unzipped = co_await zipped.json();
  EXPECT_EQ(unzipped["gzipped"], true);

  auto auth = co_await session.get("/basic-auth/fred/pass", {.auth = BasicAuth{"fred", "pass"}});
  EXPECT_EQ(auth.status(), 200);
  auto bearer = co_await session.get("/bearer", {.auth = BearerAuth{"xyz"}});
  const nlohmann::json token = co_await bearer.json();
  EXPECT_EQ(token["token"], "xyz");

  auto lines_response = co_await session.get("/stream/3");
  ResponseLines lines = lines_response.lines();
  int count = 0;
  while (true) {
    const std::optional<std::string_view> line = co_await lines.next();
    if (!line) break;
    EXPECT_EQ(nlohmann::json::parse(*line)["id"], count);
    ++count;
  }
  EXPECT_EQ(count, 3);

  std::string refusal;
  try {
    co_await session.get("/status/418", {.raise_for_status = true});
  } catch (const ClientResponseError& error) {
    refusal = std::to_string(error.status());
  }
  EXPECT_EQ(refusal, "418");
}

TEST_P(PythonServersTest, AnswerEveryKindOfQuestion) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("data.txt", "the content").string();
  run(ask_httpbin({.base_url = httpbin("/")}, path));
}

}  // namespace
}  // namespace rondo::http
