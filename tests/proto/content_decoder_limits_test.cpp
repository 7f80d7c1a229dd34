#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <string>

#include "rondo/proto/content_decoder.hpp"

#include "coded_bodies.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kMiB = 1 << 20;

struct Coded {
  std::string_view coding;
  std::string bytes;
};

std::vector<Coded> every_coding_of(const std::string& body) {
  return {{"identity", body},
          {"gzip", gzip(body)},
          {"deflate", zlib(body)},
          {"deflate", bare_deflate(body)},
          {"br", brotli(body)},
          {"zstd", zstd(body)},
          {"gzip, zstd", zstd(gzip(body))}};
}

struct Totals {
  std::uint64_t bytes = 0;
  std::optional<DecodeError> error;
};

// Decodes through a small buffer and keeps nothing.
Totals drain(ContentDecoder& decoder, std::string_view in) {
  std::array<char, 4096> buffer;
  while (true) {
    const Decoded step = decoder.decode(in, buffer);
    if (step.error) return {decoder.bytes_out(), step.error};
    if (step.written < buffer.size()) return {decoder.bytes_out(), decoder.finish()};
  }
}

Totals drain(std::string_view coding, std::string_view in, DecodeLimits limits) {
  ContentDecoder decoder = ContentDecoder::make(coding, limits).value();
  return drain(decoder, in);
}

TEST(ContentDecoderLimits, LetABodyOfExactlyTheLimitThrough) {
  for (const std::size_t size : {0UL, 1UL, 4095UL, 4096UL, 4097UL, 100000UL}) {
    for (const Coded& each : every_coding_of(std::string(size, 'x'))) {
      const Totals totals = drain(each.coding, each.bytes, {.max_bytes = size});
      EXPECT_EQ(totals.error, std::nullopt) << each.coding << " of " << size;
      EXPECT_EQ(totals.bytes, size) << each.coding;
    }
  }
}

TEST(ContentDecoderLimits, StopOneByteLaterWithAllThatWasAllowed) {
  for (const std::size_t size : {1UL, 2UL, 4096UL, 4097UL, 4098UL, 100000UL}) {
    for (const Coded& each : every_coding_of(std::string(size, 'x'))) {
      const Totals totals = drain(each.coding, each.bytes, {.max_bytes = size - 1});
      EXPECT_EQ(totals.error, DecodeError::too_large) << each.coding << " of " << size;
      EXPECT_EQ(totals.bytes, size - 1) << each.coding;
    }
  }
}

TEST(ContentDecoderLimits, ApplyToBodiesThatAreCollected) {
  ContentDecoder decoder = ContentDecoder::make("br", {.max_bytes = 1000}).value();
  std::string out;
  EXPECT_EQ(decoder.decode_all(brotli(std::string(kMiB, 'x')), out), DecodeError::too_large);
  EXPECT_EQ(out, std::string(1000, 'x'));
  EXPECT_EQ(decoder.finish(), DecodeError::too_large);
}

TEST(ContentDecoderLimits, StopABombAtTheLimit) {
  const std::string body(2 * kMiB, '\0');
  for (const Coded& each : every_coding_of(body)) {
    if (each.coding == "identity") continue;
    ContentDecoder decoder = ContentDecoder::make(each.coding, {.max_bytes = kMiB}).value();
    const Totals totals = drain(decoder, each.bytes);
    EXPECT_EQ(totals.error, DecodeError::too_large) << each.coding;
    EXPECT_EQ(totals.bytes, kMiB) << each.coding;
  }
}

TEST(ContentDecoderLimits, DecodeABombInMemoryThatDoesNotGrowWithIt) {
  const std::string body(8 * kMiB, '\0');
  for (const Coded& each :
       {Coded{"gzip", gzip(body)}, {"br", brotli(body)}, {"zstd", zstd(body)}}) {
    const auto in_use = [] { return mallinfo2().uordblks + mallinfo2().hblkhd; };
    const std::size_t before = in_use();
    ContentDecoder decoder = ContentDecoder::make(each.coding).value();
    std::string_view in = each.bytes;
    std::array<char, 4096> buffer;
    std::size_t most = before;
    Decoded step;
    do {
      step = decoder.decode(in, buffer);
      if (decoder.bytes_out() % kMiB == 0) most = std::max(most, in_use());
    } while (!step.error && step.written == buffer.size());
    EXPECT_EQ(decoder.bytes_out(), body.size()) << each.coding;
    EXPECT_LE(most - before, 6 * kMiB) << each.coding;
  }
}

TEST(ContentDecoderLimits, StopWhatExpandsTooMuch) {
  const std::string body(2 * kMiB, '\0');
  const Totals stopped = drain("gzip", gzip(body), {.max_ratio = 100});
  EXPECT_EQ(stopped.error, DecodeError::too_large);
  EXPECT_LT(stopped.bytes, 2 * kMiB);
  EXPECT_EQ(drain("gzip", gzip(body), {.max_ratio = 2000}).error, std::nullopt);
  EXPECT_EQ(drain("gzip", gzip(std::string(kMiB, '\0')), {.max_ratio = 100}).error, std::nullopt);
}

// A file name in the header of the inner gzip, which is read and gives nothing.
TEST(ContentDecoderLimits, StopABombThatNeverWritesAByte) {
  const std::string header("\x1f\x8b\x08\x08\0\0\0\0\0\x03", 10);
  const std::string inner = header + std::string(4 * kMiB, 'n');
  const Totals totals = drain("gzip, gzip", gzip(inner), {});
  EXPECT_EQ(totals.error, DecodeError::too_large);
  EXPECT_EQ(totals.bytes, 0U);
}

TEST(ContentDecoderLimits, RefuseZstdWindowsOfMoreThanEightMebibytes) {
  const std::string body(1000, 'w');
  EXPECT_EQ(drain("zstd", zstd(body, 23), {}).error, std::nullopt);
  EXPECT_EQ(drain("zstd", zstd(body, 24), {}).error, DecodeError::damaged);
}

TEST(ContentDecoderLimits, AreToldApartInWords) {
  EXPECT_NE(describe(DecodeError::damaged), describe(DecodeError::truncated));
  EXPECT_NE(describe(DecodeError::too_large), describe(DecodeError::too_many_codings));
}

}  // namespace
}  // namespace rondo::proto
