#include "cli/json_writer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

TEST(JsonWriter, PutsCommasAndColonsAsTheContractShowsThem) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("a");
  json.number(1);
  json.key("b");
  json.begin_array();
  json.string("x");
  json.begin_array();
  json.end_array();
  json.null();
  json.end_array();
  json.key("c");
  json.begin_object();
  json.end_object();
  json.end_object();
  EXPECT_EQ(out, R"({"a": 1, "b": ["x", [], null], "c": {}})");
}

TEST(JsonWriter, EscapesWhatJsonDemands) {
  EXPECT_EQ(json_string("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("\n\r\t\b\x1b\x7f"), R"("\n\r\t\u0008\u001b\u007f")");
  EXPECT_EQ(json_string("\0"sv), R"("\u0000")");
}

TEST(JsonWriter, EscapesTheControlsAbove127) {
  EXPECT_EQ(json_string("\u009b1m"), R"("\u009b1m")");
  EXPECT_EQ(json_string("\u00a0\u00e9"), "\"\u00a0\u00e9\"");
}

TEST(JsonWriter, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(json_string("a\xff\xc3z"), "\"a\ufffd\ufffdz\"");
  EXPECT_EQ(json_string("\xed\xa0\x80"), "\"\ufffd\ufffd\ufffd\"");
}

TEST(JsonWriter, WritesEveryByteStringAsValidJson) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; second += 3) {
      const std::string bytes = {static_cast<char>(first), static_cast<char>(second), 'x'};
      const std::string out = json_string(bytes);
      EXPECT_TRUE(proto::is_valid_utf8(out));
      const auto value = nlohmann::json::parse(out, nullptr, false);
      ASSERT_FALSE(value.is_discarded()) << out;
      EXPECT_EQ(value.get<std::string>(), proto::to_valid_utf8(bytes));
    }
  }
}

TEST(JsonWriter, ReadsFieldsAsUtf8OrElseAsLatin1) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  json.field_text("plain");
  json.field_text("\xc3\xa9");
  json.field_text("\xe9\xc3\xa9");
  json.end_array();
  EXPECT_EQ(out, "[\"plain\", \"\u00e9\", \"\u00e9\u00c3\u00a9\"]");
}

TEST(JsonWriter, WritesSecondsToTheMicrosecond) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  json.seconds(0s);
  json.seconds(1500ms);
  json.seconds(1us);
  json.seconds(-5ms);
  json.seconds(1h);
  json.end_array();
  EXPECT_EQ(out, "[0.0, 1.500000, 0.000001, 0.0, 3600.000000]");
}

}  // namespace
}  // namespace rondo::cli
