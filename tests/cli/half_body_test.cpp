#include "cli/half_body.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

proto::HeaderMap headers(std::vector<std::pair<std::string, std::string>> fields) {
  proto::HeaderMap map;
  for (const auto& [name, value] : fields) map.add(name, value);
  return map;
}

constexpr const char* kModified = "Mon, 02 Nov 2026 10:00:00 GMT";

TEST(Validators, AreStrongEntityTags) {
  EXPECT_EQ(validators_of(200, headers({{"ETag", "\"a\""}})).etag, "\"a\"");
  EXPECT_TRUE(validators_of(200, headers({{"ETag", "W/\"a\""}})).empty());
}

TEST(Validators, AreDatesOfAnAnswerThatIsYounger) {
  const auto of = [](const char* date) {
    return validators_of(200, headers({{"Last-Modified", kModified}, {"Date", date}}));
  };
  EXPECT_EQ(of("Mon, 02 Nov 2026 10:00:01 GMT").last_modified, kModified);
  EXPECT_TRUE(of(kModified).empty());
  EXPECT_TRUE(validators_of(200, headers({{"Last-Modified", kModified}})).empty());
}

TEST(Validators, AreNoneOfACodedBodyOrAnError) {
  EXPECT_TRUE(
      validators_of(200, headers({{"ETag", "\"a\""}, {"Content-Encoding", "gzip"}})).empty());
  EXPECT_TRUE(validators_of(404, headers({{"ETag", "\"a\""}})).empty());
}

TEST(OtherHalf, IsAllThatIsBehind) {
  const Validators known{"\"a\"", ""};
  const auto fits = [&](int status, const char* range, const char* etag = "\"a\"") {
    return is_other_half(status, headers({{"Content-Range", range}, {"ETag", etag}}), 100, known);
  };
  EXPECT_TRUE(fits(206, "bytes 100-199/200"));
  EXPECT_FALSE(fits(200, "bytes 100-199/200"));
  EXPECT_FALSE(fits(206, "bytes 99-199/200"));
  EXPECT_FALSE(fits(206, "bytes 100-198/200"));
  EXPECT_FALSE(fits(206, "bytes 100-199/*"));
  EXPECT_FALSE(fits(206,
                    "bytes 100-199/200 "
                    "x"));
  EXPECT_FALSE(fits(206, "lines 100-199/200"));
  EXPECT_FALSE(fits(206, ""));
  EXPECT_FALSE(fits(206, "bytes 100-199/200", "\"b\""));
}

TEST(OtherHalf, ComesWithoutACoding) {
  EXPECT_FALSE(is_other_half(
      206, headers({{"Content-Range", "bytes 1-1/2"}, {"Content-Encoding", "gzip"}}), 1, {}));
}

TEST(RangeFields, AskForTheRestOfTheSameBody) {
  RequestParts parts{.method = "GET", .headers = {{"accept-encoding", "br"}}, .body = {}};
  const RangeFields fields(100, {"\"a\"", kModified});
  fields.add_to(parts);
  ASSERT_EQ(parts.headers.size(), 3U);
  EXPECT_EQ(parts.headers[0].value, "bytes=100-");
  EXPECT_EQ(parts.headers[1].value, "\"a\"");
  EXPECT_EQ(parts.headers[2].value, "identity");
  EXPECT_EQ(RangeFields(1, {"", kModified}).if_range, kModified);
}

TEST(RangeFields, AreForPlainGetsOnly) {
  EXPECT_TRUE(can_be_halved({.method = "GET", .headers = {{"Accept", "*/*"}}, .body = {}}));
  EXPECT_FALSE(can_be_halved({.method = "POST", .headers = {}, .body = {}}));
  EXPECT_FALSE(can_be_halved({.method = "GET", .headers = {{"range", "bytes=0-1"}}, .body = {}}));
  EXPECT_FALSE(can_be_halved({.method = "GET", .headers = {}, .body = "x"}));
}

}  // namespace
}  // namespace rondo::cli
