#include "cli/url_command.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace rondo::cli {
namespace {

using nlohmann::ordered_json;

ordered_json answer(const std::string& line) {
  const std::string text = answer_url_line(line);
  EXPECT_TRUE(text.ends_with('\n'));
  return ordered_json::parse(text);
}

TEST(UrlCommand, NamesThePartsAsTheUrlStandardDoes) {
  const ordered_json parts = answer(R"({"input": "https://me:pw@EXAMPLE.org:8080/a/../b?q#h"})");
  EXPECT_EQ(parts, ordered_json::parse(R"({
    "href": "https://me:pw@example.org:8080/b?q#h", "origin": "https://example.org:8080",
    "protocol": "https:", "username": "me", "password": "pw", "host": "example.org:8080",
    "hostname": "example.org", "port": "8080", "pathname": "/b", "search": "?q", "hash": "#h"})"));
  std::vector<std::string> keys;
  for (const auto& [key, value] : parts.items()) keys.push_back(key);
  EXPECT_EQ(keys,
            std::vector<std::string>({"href", "origin", "protocol", "username", "password", "host",
                                      "hostname", "port", "pathname", "search", "hash"}));
}

TEST(UrlCommand, ParsesAgainstABase) {
  EXPECT_EQ(answer(R"({"input": "../x", "base": "http://a.test/b/c/d"})")["href"],
            "http://a.test/b/x");
  EXPECT_EQ(answer(R"({"input": "http://a.test/", "base": null})")["href"], "http://a.test/");
}

TEST(UrlCommand, AppliesSettersInOrder) {
  EXPECT_EQ(
      answer(
          R"({"input": "http://a.test/", "set": [["host", "b.test:81"], ["hash", "x"]]})")["href"],
      "http://b.test:81/#x");
  EXPECT_EQ(answer(R"({"input": "http://a.test/", "set": [["port", "x"]]})")["href"],
            "http://a.test/");
}

TEST(UrlCommand, TakesLoneSurrogatesForReplacementCharacters) {
  EXPECT_EQ(answer(R"({"input": "http://a.test/\ud800?\udc00"})")["href"],
            "http://a.test/%EF%BF%BD?%EF%BF%BD");
}

TEST(UrlCommand, AnswersErrorsInWords) {
  for (const char* line :
       {R"({"input": "no scheme"})", R"({"input": "x", "base": "also none"})", R"({})",
        R"({"input": 1})", "nonsense", R"({"input": "http://a.test/", "set": [["colour", "x"]]})",
        R"({"input": "http://a.test/", "unknown": 1})",
        R"({"input": "http://a.test/", "set": [["href", "none"]]})"}) {
    const ordered_json error = answer(line);
    EXPECT_EQ(error.size(), 1U) << line;
    EXPECT_TRUE(error["error"].is_string()) << line;
  }
}

}  // namespace
}  // namespace rondo::cli
