#include "rondo/proto/content_encoder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rondo/proto/content_decoder.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kCodings[] = {"gzip", "deflate", "br", "zstd"};

/// Bytes in which an encoder finds nothing to save.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 1;
  for (char& c : text) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

std::string decoded(std::string_view coding, std::string_view body) {
  auto decoder = ContentDecoder::make(coding).value();
  std::string text;
  EXPECT_FALSE(decoder.decode_all(body, text)) << coding;
  EXPECT_FALSE(decoder.finish()) << coding;
  return text;
}

std::string encoded(ContentEncoder& encoder, std::string_view body, std::size_t piece) {
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += piece)
    encoder.encode(body.substr(at, piece), out);
  encoder.finish(out);
  return out;
}

TEST(ContentEncoder, WritesWhatTheDecoderReads) {
  const std::string text(200'000, 'x');
  for (const std::string_view coding : kCodings) {
    auto encoder = ContentEncoder::make(coding).value();
    for (const std::string& body : {std::string(), std::string("a"), text, noise(200'000)}) {
      for (const std::size_t piece : {std::size_t{1000}, std::size_t{1} << 20}) {
        const std::string out = encoded(encoder, body, piece);
        EXPECT_TRUE(decoded(coding, out) == body) << coding << ' ' << body.size();
      }
    }
    EXPECT_LT(encoded(encoder, text, text.size()).size(), 1000U) << coding;
  }
}

TEST(ContentEncoder, KnowsCodingsInAnyCase) {
  EXPECT_TRUE(ContentEncoder::make("GZip"));
  EXPECT_TRUE(ContentEncoder::make("BR"));
  for (const char* unknown : {"", "identity", "compress", "x-gzip", "gzip, br"}) {
    EXPECT_FALSE(ContentEncoder::make(unknown)) << unknown;
  }
}

}  // namespace
}  // namespace rondo::proto
