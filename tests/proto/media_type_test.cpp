#include "rondo/proto/media_type.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rondo::proto {
namespace {

using Parameters = std::vector<MediaType::Parameter>;

struct MediaTypeCase {
  std::string_view field;
  std::string_view essence;
  Parameters parameters;
};

TEST(MediaType, ReadsTypeSubtypeAndParameters) {
  const MediaTypeCase cases[] = {
      {"text/html", "text/html", {}},
      {"TEXT/Html", "text/html", {}},
      {"text/html;charset=utf-8", "text/html", {{"charset", "utf-8"}}},
      {"Text/HTML;Charset=\"utf-8\"", "text/html", {{"charset", "utf-8"}}},
      {"text/html; charset=\"utf-8\"", "text/html", {{"charset", "utf-8"}}},
      {" text/plain ; a=1 ;\tb=2 ", "text/plain", {{"a", "1"}, {"b", "2"}}},
      {"text/plain; charset = UTF-8", "text/plain", {{"charset", "UTF-8"}}},
      {"application/problem+json", "application/problem+json", {}},
      {"multipart/form-data; boundary=\"a;b, c\"", "multipart/form-data", {{"boundary", "a;b, c"}}},
      {R"(a/b; c="say \"x\\y\"")", "a/b", {{"c", R"(say "x\y")"}}},
      {"a/b; c=\"\"", "a/b", {{"c", ""}}},
      {"a/b; c=\"open; d=1", "a/b", {{"c", "open; d=1"}}},
      {"a/b; c=\"x\\", "a/b", {{"c", "x\\"}}},
      {"a/b; c=\"x\"rest; d=1", "a/b", {{"c", "x"}, {"d", "1"}}},
      {"a/b; c=d=e", "a/b", {{"c", "d=e"}}},
      {"a/b; c='d'", "a/b", {{"c", "'d'"}}},
      {"a/b; c=\xe9", "a/b", {{"c", "\xe9"}}},
  };
  for (const MediaTypeCase& each : cases) {
    const auto type = MediaType::parse(each.field);
    ASSERT_TRUE(type) << each.field;
    EXPECT_EQ(type->essence(), each.essence) << each.field;
    EXPECT_EQ(type->parameters, each.parameters) << each.field;
  }
}

TEST(MediaType, PassesOverParametersThatMakeNoSense) {
  for (const std::string_view field :
       {"a/b;", "a/b;;;", "a/b; c", "a/b; c=", "a/b; =d", "a/b; c d=e", "a/b; c=\x01",
        "a/b; \xe9=1", "a/b; c=\"\x02\""}) {
    const auto type = MediaType::parse(field);
    ASSERT_TRUE(type) << field;
    EXPECT_EQ(type->parameters, Parameters()) << field;
  }
  EXPECT_EQ(MediaType::parse("a/b; x; charset=utf-8; y=")->charset(), "utf-8");
}

TEST(MediaType, KeepsTheFirstOfTwoParametersOfOneName) {
  EXPECT_EQ(MediaType::parse("a/b; charset=one; CHARSET=two")->parameters,
            (Parameters{{"charset", "one"}}));
}

TEST(MediaType, RefusesWhatHasNoTypeAndSubtype) {
  for (const std::string_view field :
       {"", " ", "text", "text/", "/html", "/", "te xt/html", "text/ht ml", "text/html/x",
        "text/(html)", "text; charset=utf-8", ";charset=utf-8", "text/html\x01", "t\xe9xt/html",
        "text/html, text/plain"}) {
    EXPECT_FALSE(MediaType::parse(field)) << field;
  }
}

TEST(MediaType, FallsBackToOctetStream) {
  EXPECT_EQ(MediaType::of_message(std::nullopt).essence(), "application/octet-stream");
  EXPECT_EQ(MediaType::of_message("nonsense").essence(), "application/octet-stream");
  EXPECT_EQ(MediaType::of_message("text/plain; a=b"), MediaType::parse("text/plain; a=b"));
}

TEST(MediaType, FindsParametersInAnyCase) {
  const MediaType type = *MediaType::parse("a/b; Charset=KOI8-R");
  EXPECT_EQ(type.parameter("CHARSET"), "KOI8-R");
  EXPECT_EQ(type.charset(), "KOI8-R");
  EXPECT_EQ(type.parameter("boundary"), std::nullopt);
  EXPECT_EQ(MediaType::parse("a/b; charset=\"\"")->charset(), std::nullopt);
}

TEST(MediaType, KnowsWhatIsJson) {
  EXPECT_TRUE(MediaType::parse("application/json; charset=utf-8")->is_json());
  EXPECT_TRUE(MediaType::parse("Application/Geo+JSON")->is_json());
  EXPECT_FALSE(MediaType::parse("text/json")->is_json());
  EXPECT_FALSE(MediaType::parse("application/jsonp")->is_json());
}

}  // namespace
}  // namespace rondo::proto
