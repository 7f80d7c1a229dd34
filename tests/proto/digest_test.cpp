#include "rondo/proto/digest.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace rondo::proto {
namespace {

constexpr std::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, HashesTheVectorsOfTheStandard) {
  EXPECT_EQ(sha256_hex(""), kOfNothing);
  EXPECT_EQ(sha256_hex("abc"), kOfAbc);
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotCareHowTheBytesAreCut) {
  const std::string text(200, 'x');
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 hash;
    hash.update(std::string_view(text).substr(0, cut));
    hash.update(std::string_view(text).substr(cut));
    EXPECT_EQ(hash.finish_hex(), sha256_hex(text)) << "cut at " << cut;
  }
}

TEST(Sha256, StartsAnewBehindFinish) {
  Sha256 hash;
  hash.update("something else");
  EXPECT_NE(hash.finish_hex(), kOfAbc);
  hash.update("abc");
  EXPECT_EQ(hash.finish_hex(), kOfAbc);
  EXPECT_EQ(hash.finish_hex(), kOfNothing);
}

TEST(Sha256, GivesRawBytesToo) {
  Sha256 hash;
  hash.update("abc");
  const Sha256::Value value = hash.finish();
  EXPECT_EQ(value.front(), 0xba);
  EXPECT_EQ(value.back(), 0xad);
}

TEST(Sha256, KeepsItsStateWhenMoved) {
  Sha256 first;
  first.update("a");
  Sha256 second = std::move(first);
  second.update("bc");
  EXPECT_EQ(second.finish_hex(), kOfAbc);
}

}  // namespace
}  // namespace rondo::proto
