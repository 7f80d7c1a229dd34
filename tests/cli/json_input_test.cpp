#include "cli/json_input.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace rondo::cli {
namespace {

std::string text_of(std::string_view value) {
  return JsonObject("{\"a\": " + std::string(value) + "}").string("a").value_or("(none)");
}

TEST(JsonInput, TakesLoneSurrogatesForReplacementCharacters) {
  EXPECT_EQ(text_of(R"("x\ud800y")"), "x\ufffdy");
  EXPECT_EQ(text_of(R"("\udc00")"), "\ufffd");
  EXPECT_EQ(text_of(R"("\ud800\ud800")"), "\ufffd\ufffd");
  EXPECT_EQ(text_of(R"("\udc00\ud800")"), "\ufffd\ufffd");
  EXPECT_EQ(text_of(R"("\uD83D")"), "\ufffd");
}

TEST(JsonInput, KeepsPairsOfSurrogates) {
  EXPECT_EQ(text_of(R"("\ud83c\udfb5")"), "\U0001f3b5");
  EXPECT_EQ(text_of(R"("\ud800\ud83c\udfb5")"), "\ufffd\U0001f3b5");
  EXPECT_EQ(text_of(R"("\ud83c\udfb5\udfb5")"), "\U0001f3b5\ufffd");
}

TEST(JsonInput, DoesNotTakeEscapedBackslashesForEscapes) {
  EXPECT_EQ(text_of(R"("\\ud800")"), R"(\ud800)");
  EXPECT_EQ(text_of(R"("\\\ud800")"), "\\\ufffd");
  EXPECT_EQ(text_of(R"("\n\"\\")"), "\n\"\\");
}

TEST(JsonInput, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(text_of("\"a\xff\""), "a\ufffd");
}

TEST(JsonInput, RefusesWhatIsNoObject) {
  for (const std::string_view line :
       {"", "[]", "1", "\"x\"", "{", "{\"a\": 1} x", R"({"a": "\u12"})", R"({"a": "\)"}) {
    EXPECT_THROW(JsonObject{line}, JsonInputError) << line;
  }
}

TEST(JsonInput, RefusesMembersOfTheWrongTypeAndUnknownOnes) {
  const JsonObject object(R"({"number": 1, "list": [1], "pairs": [["a", "b"]]})");
  EXPECT_THROW(static_cast<void>(object.string("number")), JsonInputError);
  EXPECT_THROW(static_cast<void>(object.pairs("list")), JsonInputError);
  EXPECT_THROW(object.require_only({"number", "list"}), JsonInputError);
  EXPECT_NO_THROW(object.require_only({"number", "list", "pairs"}));
  EXPECT_EQ(object.pairs("pairs"), JsonObject::Pairs({{"a", "b"}}));
  EXPECT_FALSE(object.string("missing").has_value());
}

}  // namespace
}  // namespace rondo::cli
