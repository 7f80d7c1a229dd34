// Bodies in each framing and coding, compared byte for byte.

#include <gtest/gtest.h>

#include <string>

#include "tests/http/nginx_fixture.hpp"
#include "tests/support/descriptors.hpp"

namespace rondo::http {
namespace {

using ::testing::StartsWith;

class BodiesNginxTest : public NginxTest {};
RONDO_ON_EACH_BACKEND(BodiesNginxTest);

std::string name_of(std::size_t size) {
  return std::to_string(size) + ".txt";
}

Task<> read_sized(SessionOptions options, std::string base) {
  const ClientSession session(std::move(options));
  for (const std::size_t size : Nginx::kFileSizes) {
    auto response = co_await session.get(base + name_of(size));
    EXPECT_EQ(response.content_length(), size);
    const std::string body = co_await response.read();
    EXPECT_TRUE(body == Nginx::file(size)) << base << name_of(size) << ": " << body.size();
    EXPECT_EQ(session.idle_connections(), 1u);
  }
}

TEST_P(BodiesNginxTest, ReadsThoseOfAnnouncedSize) {
  for (const Site site : {Site::plain, Site::tls_1_2, Site::tls_1_3}) {
    run(read_sized(trusting(), url(site, "/files/")));
  }
}

Task<> read_chunked(SessionOptions options, std::string base) {
  const ClientSession session(std::move(options));
  for (const std::size_t size : Nginx::kFileSizes) {
    auto response = co_await session.get(base + name_of(size));
    EXPECT_EQ(response.headers().contains_token("Transfer-Encoding", "chunked"), size > 0);
    const std::string body = co_await response.read();
    EXPECT_TRUE(body == Nginx::file(size)) << base << name_of(size) << ": " << body.size();
    EXPECT_EQ(session.idle_connections(), 1u);
  }
}

TEST_P(BodiesNginxTest, ReadsThoseInChunks) {
  for (const Site site : {Site::plain, Site::tls_1_2, Site::tls_1_3}) {
    run(read_chunked(trusting(), url(site, "/chunked/")));
  }
}

Task<> read_compressed(SessionOptions options, std::string base) {
  const ClientSession session(std::move(options));
  for (const std::size_t size : Nginx::kFileSizes) {
    auto response = co_await session.get(base + name_of(size));
    EXPECT_EQ(response.headers().get("Content-Encoding"), "gzip");
    const std::string body = co_await response.read();
    EXPECT_TRUE(body == Nginx::file(size)) << base << name_of(size) << ": " << body.size();
    EXPECT_EQ(session.idle_connections(), 1u);
  }
}

TEST_P(BodiesNginxTest, ReadsCompressedOnes) {
  for (const Site site : {Site::plain, Site::tls_1_3}) {
    run(read_compressed(trusting(), url(site, "/gzip/")));
  }
}

Task<> read_coded(std::string base) {
  const ClientSession session({.auto_decompress = false});
  auto unasked = co_await session.get(base + "/gzip/65536.txt");
  EXPECT_FALSE(unasked.headers().contains("Content-Encoding"));
  EXPECT_TRUE(co_await unasked.read() == Nginx::file(65536));
  auto asked =
      co_await session.get(base + "/gzip/65536.txt", {.headers = {{"Accept-Encoding", "gzip"}}});
  EXPECT_EQ(asked.headers().get("Content-Encoding"), "gzip");
  const std::string coded = co_await asked.read();
  EXPECT_THAT(coded, StartsWith("\x1f\x8b"));
  EXPECT_LT(coded.size(), 65536u);
}

TEST_P(BodiesNginxTest, LeavesTheCodingAloneWhenToldTo) {
  run(read_coded(plain("")));
}

Task<> read_range(std::string url) {
  const ClientSession session;
  const std::string whole = Nginx::file(65536);
  auto middle = co_await session.get(url, {.headers = {{"Range", "bytes=1000-2999"}}});
  EXPECT_EQ(middle.status(), 206);
  EXPECT_EQ(middle.headers().get("Content-Range"), "bytes 1000-2999/65536");
  EXPECT_EQ(co_await middle.read(), whole.substr(1000, 2000));
  auto end = co_await session.get(url, {.headers = {{"Range", "bytes=-7"}}});
  EXPECT_EQ(co_await end.read(), whole.substr(65529));
  auto beyond = co_await session.get(url, {.headers = {{"Range", "bytes=70000-"}}});
  EXPECT_EQ(beyond.status(), 416);
}

TEST_P(BodiesNginxTest, ReadsRanges) {
  run(read_range(plain("/files/65536.txt")));
}

Task<> read_pieces(std::string url) {
  const ClientSession session;
  auto response = co_await session.get(url);
  std::string body;
  int pieces = 0;
  while (true) {
    const std::string_view piece = co_await response.read_any();
    if (piece.empty()) break;
    body += piece;
    ++pieces;
  }
  EXPECT_TRUE(body == Nginx::file(1048576));
  EXPECT_GT(pieces, 1);
}

TEST_P(BodiesNginxTest, GivesPiecesAsTheyCome) {
  for (const char* path : {"/files/1048576.txt", "/chunked/1048576.txt", "/gzip/1048576.txt"}) {
    run(read_pieces(plain(path)));
  }
}

Task<> drop_unread(std::string base) {
  const ClientSession session;
  {
    const auto small = co_await session.get(base + "/files/1000.txt");
    EXPECT_EQ(small.status(), 200);
  }
  EXPECT_EQ(co_await text_of(session, base + "/small"), "small");
  {
    const auto large = co_await session.get(base + "/files/1048576.txt");
    EXPECT_EQ(large.status(), 200);
  }
  EXPECT_EQ(co_await text_of(session, base + "/small"), "small");
}

TEST_P(BodiesNginxTest, GoesOnAfterABodyThatNobodyRead) {
  static_cast<void>(nginx());
  const auto before = test::open_descriptors();
  run(drop_unread(plain("")));
  EXPECT_EQ(test::open_descriptors(), before);
}

}  // namespace
}  // namespace rondo::http
