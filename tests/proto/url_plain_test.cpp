// What is parsed at a glance must come out as the parser that knows all of the standard has it.

#include "rondo/proto/url_plain.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "rondo/proto/url_parser.hpp"

namespace rondo::proto {
namespace {

void expect_same(const UrlRecord& plain, const UrlRecord& full) {
  EXPECT_EQ(plain.href, full.href);
  EXPECT_EQ(plain.scheme_end, full.scheme_end);
  EXPECT_EQ(plain.username_end, full.username_end);
  EXPECT_EQ(plain.host_begin, full.host_begin);
  EXPECT_EQ(plain.host_end, full.host_end);
  EXPECT_EQ(plain.path_begin, full.path_begin);
  EXPECT_EQ(plain.query_begin, full.query_begin);
  EXPECT_EQ(plain.fragment_begin, full.fragment_begin);
  EXPECT_EQ(plain.port, full.port);
  EXPECT_EQ(plain.scheme_kind, full.scheme_kind);
  EXPECT_EQ(plain.host_kind, full.host_kind);
  EXPECT_EQ(plain.opaque_path, full.opaque_path);
}

/// Whether `text` is taken; if so, it must be what `parse_url` makes of it.
bool is_taken(std::string_view text) {
  SCOPED_TRACE(text);
  UrlRecord plain;
  if (!parse_plain_url(text, plain)) return false;
  auto full = parse_url(text, nullptr);
  EXPECT_TRUE(full.ok());
  if (full) expect_same(plain, *full);
  return true;
}

TEST(PlainUrl, IsWhatMostUrlsAre) {
  for (const std::string_view text :
       {"http://example.org/", "https://example.org/a/b.html?q=1&r=%20", "http://127.0.0.1:8080/f",
        "https://api.example.org:8443/v1/Orders;x=1?since=2024-01-01T00:00:00Z",
        "http://a_b.example/~user/?", "http://1a.example/x", "http://x/a..b/c.",
        "http://example.org//a//b"}) {
    EXPECT_TRUE(is_taken(text)) << text;
  }
}

TEST(PlainUrl, IsNothingThatTheParserWouldChangeOrRefuse) {
  for (const std::string_view text : {"http://Example.org/",
                                      "HTTP://example.org/",
                                      "http://example.org",
                                      "ftp://example.org/",
                                      "http://user@example.org/",
                                      "http://example.org:80/",
                                      "https://example.org:443/",
                                      "http://example.org:080/",
                                      "http://example.org:65536/",
                                      "http://example.org:/",
                                      "http://127.1/",
                                      "http://0x7f.1/",
                                      "http://example.0x1/",
                                      "http://1.2.3.4.5/",
                                      "http://256.0.0.1/",
                                      "http://127.0.0.01/",
                                      "http://127.0.0.1./",
                                      "http://example.org./",
                                      "http://[::1]/",
                                      "http:///a",
                                      "http://example.org/a/../b",
                                      "http://example.org/.",
                                      "http://example.org/%2e/",
                                      "http://example.org/a#b",
                                      "http://example.org/a b",
                                      "http://example.org/a'b",
                                      "http://example.org/?a'b",
                                      "http://example.org/\\a",
                                      "http://example.org/\xc3\xa9",
                                      " http://example.org/",
                                      "http://example.org/ ",
                                      "http://exa\tmple.org/",
                                      "http://example.org/?a#b",
                                      "http://example.org?a",
                                      "",
                                      "http://"}) {
    EXPECT_FALSE(is_taken(text)) << text;
  }
}

TEST(PlainUrl, LeavesTheRecordAloneWhenItIsNone) {
  UrlRecord url;
  ASSERT_TRUE(parse_plain_url("http://example.org/a", url));
  EXPECT_FALSE(parse_plain_url("http://Example.org/b", url));
  EXPECT_EQ(url.href, "http://example.org/a");
}

TEST(PlainUrl, MadeOfAnythingIsAsTheFullParserHasIt) {
  constexpr std::string_view kPieces[] = {
      "http", "https", "://", ":",   "/",    "//", ".",   "..",   "example", "org", "127.0.0.1",
      "0x1",  "1",     "255", "256", "00",   "80", "443", "8080", "?",       "#",   "%",
      "%2e",  "@",     "[",   "]",   "xn--", "-",  "_",   "A",    "\\",      "'",   " ",
      "\x7f", "\x80",  "a=b", "&",   "|",    "^",  "{",   "~"};
  std::mt19937 random(4);  // NOLINT(cert-msc51-cpp): the same texts in each run
  std::size_t taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 2 == 0 ? "http://" : "https://";
    for (auto left = random() % 9; left > 0; --left) {
      text += kPieces[random() % std::size(kPieces)];
    }
    taken += is_taken(text) ? 1 : 0;
  }
  EXPECT_GT(taken, 100U);
}

}  // namespace
}  // namespace rondo::proto
