#include "rondo/proto/header_map.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rondo::proto {
namespace {

std::string text_of(const HeaderMap& headers) {
  std::string text;
  for (const auto [name, value] : headers) {
    text.append(name).append(":").append(value).append("\n");
  }
  return text;
}

HeaderMap sample() {
  return HeaderMap({{"Host", "a.example"},
                    {"Accept", "text/csv"},
                    {"Cookie", "a=1"},
                    {"accept", "text/html"},
                    {"Empty", ""}});
}

TEST(HeaderMap, KeepsOrderSpellingAndRepeatedFields) {
  EXPECT_EQ(text_of(sample()),
            "Host:a.example\nAccept:text/csv\nCookie:a=1\naccept:text/html\nEmpty:\n");
  EXPECT_EQ(sample().size(), 5U);
}

TEST(HeaderMap, IsEmptyAtFirst) {
  const HeaderMap headers;
  EXPECT_TRUE(headers.empty());
  EXPECT_EQ(headers.begin(), headers.end());
  EXPECT_FALSE(headers.contains("Host"));
  EXPECT_FALSE(headers.get("Host"));
  EXPECT_FALSE(headers.combined("Host"));
}

TEST(HeaderMap, FindsNamesWithoutRegardToCase) {
  const HeaderMap headers = sample();
  EXPECT_EQ(headers.get("HOST"), "a.example");
  EXPECT_EQ(headers.get("hOsT"), "a.example");
  EXPECT_EQ(headers.get("Host"), "a.example");
  EXPECT_TRUE(headers.contains("cookie"));
  EXPECT_FALSE(headers.contains("cookies"));
  EXPECT_FALSE(headers.contains("cooki"));
}

TEST(HeaderMap, TellsAnEmptyValueFromNone) {
  EXPECT_EQ(sample().get("empty"), "");
  EXPECT_EQ(sample().get("absent"), std::nullopt);
}

TEST(HeaderMap, GivesTheFirstOrAllOrTheCombinedValues) {
  const HeaderMap headers = sample();
  EXPECT_EQ(headers.get("accept"), "text/csv");
  EXPECT_EQ(headers.get_all("ACCEPT"), (std::vector<std::string_view>{"text/csv", "text/html"}));
  EXPECT_EQ(headers.combined("Accept"), "text/csv, text/html");
  EXPECT_EQ(headers.combined("Empty"), "");
  EXPECT_TRUE(headers.get_all("absent").empty());
}

TEST(HeaderMap, VisitsTheValuesOfAName) {
  std::string seen;
  sample().for_each("Accept", [&](std::string_view value) { seen.append(value).append(";"); });
  EXPECT_EQ(seen, "text/csv;text/html;");
}

TEST(HeaderMap, SetsInPlaceOfTheFirstAndRemovesTheOthers) {
  HeaderMap headers = sample();
  headers.set("ACCEPT", "*/*");
  EXPECT_EQ(text_of(headers), "Host:a.example\nAccept:*/*\nCookie:a=1\nEmpty:\n");
  headers.set("New", "n");
  EXPECT_EQ(headers.get("new"), "n");
  EXPECT_EQ(headers.size(), 5U);
}

TEST(HeaderMap, RemovesAllFieldsOfAName) {
  HeaderMap headers = sample();
  EXPECT_EQ(headers.remove("accept"), 2U);
  EXPECT_EQ(headers.remove("accept"), 0U);
  EXPECT_EQ(text_of(headers), "Host:a.example\nCookie:a=1\nEmpty:\n");
}

TEST(HeaderMap, FindsTokensInListsOverAllFieldsOfAName) {
  const HeaderMap headers(
      {{"Connection", "keep-alive , Upgrade"}, {"connection", ",, ,TE"}, {"Other", "close"}});
  EXPECT_TRUE(headers.contains_token("Connection", "upgrade"));
  EXPECT_TRUE(headers.contains_token("connection", "Keep-Alive"));
  EXPECT_TRUE(headers.contains_token("connection", "te"));
  EXPECT_FALSE(headers.contains_token("connection", "close"));
  EXPECT_FALSE(headers.contains_token("connection", "keep"));
  EXPECT_FALSE(headers.contains_token("connection", "alive , Upgrade"));
}

TEST(HeaderMap, DoesNotLookForTokensInsideQuotedStrings) {
  const HeaderMap headers({{"X", R"(a="x, close, \", close,", b)"}});
  EXPECT_FALSE(headers.contains_token("X", "close"));
  EXPECT_TRUE(headers.contains_token("X", "b"));
}

TEST(HeaderMap, TakesViewsIntoItself) {
  HeaderMap headers;
  headers.add("A", std::string(40, 'v'));
  for (int i = 0; i < 100; ++i) headers.add(headers[0].name, headers[0].value);
  EXPECT_EQ(headers.size(), 101U);
  for (const auto [name, value] : headers) {
    EXPECT_EQ(name, "A");
    EXPECT_EQ(value, std::string(40, 'v'));
  }
  headers.set(headers[0].name, headers[100].value);
  EXPECT_EQ(headers.size(), 1U);
  EXPECT_EQ(headers.get("a"), std::string(40, 'v'));
  headers.set(headers[0].name, headers[0].value.substr(10));
  EXPECT_EQ(headers.get("a"), std::string(30, 'v'));
  EXPECT_EQ(headers.remove(headers[0].name), 1U);
}

TEST(HeaderMap, DoesNotGrowWhenOneFieldIsSetOverAndOver) {
  HeaderMap headers = sample();
  const char* const before = headers[0].name.data();
  std::size_t moves = 0;
  const char* last = before;
  for (int i = 0; i < 100'000; ++i) {
    headers.set("Cookie", std::string(static_cast<std::size_t>(i % 50), 'c'));
    if (headers[0].name.data() != last) ++moves;
    last = headers[0].name.data();
  }
  // Each packing moves the text; without any, it would have moved a dozen times and hold megabytes.
  EXPECT_GT(moves, 100U);
  EXPECT_EQ(headers.get("cookie"), std::string(49, 'c'));
  EXPECT_EQ(headers.get("Host"), "a.example");
  EXPECT_EQ(headers.get_all("Accept").size(), 2U);
}

TEST(HeaderMap, KeepsItsMemoryWhenCleared) {
  HeaderMap headers = sample();
  const char* const text = headers[0].name.data();
  headers.clear();
  EXPECT_TRUE(headers.empty());
  headers.add("Host", "b.example");
  EXPECT_EQ(headers[0].name.data(), text);
}

TEST(HeaderMap, DoesNotMoveWithinReservedRoom) {
  HeaderMap headers;
  headers.reserve(4, 100);
  headers.add("A", "first");
  const char* const text = headers[0].name.data();
  headers.add("B", std::string(90, 'b'));
  EXPECT_EQ(headers[0].name.data(), text);
}

TEST(HeaderMap, CanBeMovedCopiedAndSwapped) {
  HeaderMap first = sample();
  HeaderMap copy = first;
  HeaderMap moved = std::move(first);
  EXPECT_EQ(text_of(copy), text_of(moved));
  HeaderMap other({{"X", "y"}});
  other.swap(moved);
  EXPECT_EQ(text_of(moved), "X:y\n");
  EXPECT_EQ(text_of(other), text_of(copy));
  first = HeaderMap({{"Again", "1"}});
  first.set("Again", "2");
  EXPECT_EQ(text_of(first), "Again:2\n");
}

TEST(HeaderMap, IsUsableAfterItWasMovedFrom) {
  HeaderMap headers = sample();
  for (int i = 0; i < 20; ++i) headers.set("Cookie", std::string(100, 'c'));
  const HeaderMap moved = std::move(headers);
  headers.add("A", "b");  // NOLINT(bugprone-use-after-move): that is what is tested
  headers.set("A", "c");
  headers.remove("absent");
  EXPECT_EQ(text_of(headers), "A:c\n");
}

TEST(HeaderMap, IteratesAsAStandardRange) {
  const HeaderMap headers = sample();
  auto at = headers.begin();
  EXPECT_EQ((*at++).name, "Host");
  EXPECT_EQ((*at).name, "Accept");
  ++at;
  EXPECT_EQ((*at).name, "Cookie");
  EXPECT_EQ(std::distance(headers.begin(), headers.end()), 5);
  static_assert(std::input_iterator<HeaderMap::Iterator>);
}

}  // namespace
}  // namespace rondo::proto
