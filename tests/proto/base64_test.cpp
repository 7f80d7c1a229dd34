#include "rondo/proto/base64.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

struct Pair {
  std::string_view bytes;
  std::string_view text;
};

// RFC 4648 §10.
constexpr Pair kVectors[] = {{"", ""},
                             {"f", "Zg=="},
                             {"fo", "Zm8="},
                             {"foo", "Zm9v"},
                             {"foob", "Zm9vYg=="},
                             {"fooba", "Zm9vYmE="},
                             {"foobar", "Zm9vYmFy"}};

TEST(Base64, WritesTheVectorsOfTheRfc) {
  for (const auto& [bytes, text] : kVectors) EXPECT_EQ(base64_encode(bytes), text);
}

TEST(Base64, ReadsTheVectorsOfTheRfc) {
  for (const auto& [bytes, text] : kVectors) EXPECT_EQ(base64_decode(text), bytes);
}

TEST(Base64, GivesEveryByteBackAtEveryLength) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes) << bytes.size() << " bytes";
    bytes.push_back(static_cast<char>(i * 7 + 200));
  }
}

TEST(Base64, UsesTheStandardAlphabetAndNotTheOneForUrls) {
  EXPECT_EQ(base64_encode("\xfb\xff\xbf"), "+/+/");
  EXPECT_EQ(base64_decode("-_-_"), std::nullopt);
}

TEST(Base64, RefusesWhatNoEncoderWrites) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "=", "====", "Zg==Zg==", "Zm8=\n",
                                      " Zm8", "Zm 8", "Zm8==", "Z=g=", "Zh==", "Zm9=", "Zm\x80v"}) {
    EXPECT_EQ(base64_decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(base64_decode(std::string_view("Zm\0v", 4)), std::nullopt);
}

}  // namespace
}  // namespace rondo::proto
