#include "rondo/proto/content_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "coded_bodies.hpp"

namespace rondo::proto {
namespace {

// Compresses, but not to nothing, so that splits fall into every part of a coding.
std::string sample_text(std::size_t size = 600) {
  std::string text;
  std::minstd_rand random(7);
  while (text.size() < size) text += "line " + std::to_string(random() % 1000) + "\n";
  text.resize(size);
  return text;
}

struct CodedBody {
  std::string_view coding;
  std::string bytes;
  std::string body;
};

std::vector<CodedBody> every_coding() {
  const std::string body = sample_text();
  return {{"gzip", gzip(body), body},
          {"x-gzip", gzip(body), body},
          {"deflate", zlib(body), body},
          {"deflate", bare_deflate(body), body},
          {"br", brotli(body), body},
          {"zstd", zstd(body), body},
          {"gzip", gzip("one") + gzip("") + gzip("two"), "onetwo"},
          {"zstd", zstd("one") + zstd("") + zstd("two"), "onetwo"},
          {"gzip, br", brotli(gzip(body)), body},
          {"deflate, gzip, zstd, br", brotli(zstd(gzip(zlib(body)))), body}};
}

struct Outcome {
  std::string body;
  std::optional<DecodeError> error;
};

// Feeds `pieces` in order, through a buffer of `room` bytes.
Outcome decode_pieces(std::string_view coding, const std::vector<std::string_view>& pieces,
                      std::size_t room, DecodeLimits limits = {}) {
  ContentDecoder decoder = ContentDecoder::make(coding, limits).value();
  Outcome outcome;
  std::string buffer(room, '\0');
  for (std::string_view piece : pieces) {
    Decoded step;
    do {
      step = decoder.decode(piece, buffer);
      outcome.body.append(buffer, 0, step.written);
      outcome.error = step.error;
      if (step.error) return outcome;
    } while (step.written == room);
    EXPECT_TRUE(piece.empty()) << coding << " left input although there was room";
  }
  outcome.error = decoder.finish();
  return outcome;
}

Outcome decode_whole(std::string_view coding, std::string_view bytes, DecodeLimits limits = {}) {
  return decode_pieces(coding, {bytes}, 4096, limits);
}

std::vector<std::string_view> cut_into_bytes(std::string_view bytes) {
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < bytes.size(); ++i) pieces.push_back(bytes.substr(i, 1));
  return pieces;
}

TEST(ContentDecoder, DecodesEveryCodingSplitAtEveryByte) {
  for (const CodedBody& each : every_coding()) {
    const std::string_view bytes = each.bytes;
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      const Outcome outcome =
          decode_pieces(each.coding, {bytes.substr(0, cut), bytes.substr(cut)}, 4096);
      ASSERT_EQ(outcome.error, std::nullopt) << each.coding << " cut at " << cut;
      ASSERT_EQ(outcome.body, each.body) << each.coding << " cut at " << cut;
    }
  }
}

TEST(ContentDecoder, DecodesEveryCodingByteByByteIntoBuffersOfAnySize) {
  for (const CodedBody& each : every_coding()) {
    for (const std::size_t room : {std::size_t{1}, std::size_t{7}, each.body.size()}) {
      EXPECT_EQ(decode_pieces(each.coding, cut_into_bytes(each.bytes), room).body, each.body);
      const Outcome whole = decode_pieces(each.coding, {each.bytes}, room);
      EXPECT_EQ(whole.body, each.body) << each.coding << " in steps of " << room;
      EXPECT_EQ(whole.error, std::nullopt) << each.coding << " in steps of " << room;
    }
  }
}

TEST(ContentDecoder, TakesABodyCutAtAnyByteForTruncated) {
  for (const CodedBody& each : every_coding()) {
    if (each.body == "onetwo") continue;
    for (std::size_t size = 1; size < each.bytes.size(); ++size) {
      const Outcome outcome =
          decode_whole(each.coding, std::string_view(each.bytes).substr(0, size));
      ASSERT_EQ(outcome.error, DecodeError::truncated) << each.coding << " cut at " << size;
      ASSERT_TRUE(each.body.starts_with(outcome.body)) << each.coding << " cut at " << size;
    }
  }
}

TEST(ContentDecoder, TakesSeveralMembersForTruncatedExceptBetweenThem) {
  for (const auto& [coding, first, second] : {std::tuple{"gzip", gzip("one"), gzip("two")},
                                              std::tuple{"zstd", zstd("one"), zstd("two")}}) {
    const std::string bytes = first + second;
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      const Outcome outcome = decode_whole(coding, std::string_view(bytes).substr(0, size));
      if (size == first.size()) {
        EXPECT_EQ(outcome.error, std::nullopt) << coding;
      } else {
        EXPECT_EQ(outcome.error, DecodeError::truncated) << coding << " cut at " << size;
      }
    }
  }
}

TEST(ContentDecoder, NeverHandsOutAWrongBodyWhereTheCodingHasAChecksum) {
  const std::string body = sample_text();
  for (const auto& [coding, good] :
       {std::pair{"gzip", gzip(body)}, std::pair{"deflate", zlib(body)},
        std::pair{"zstd", zstd(body)}}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x10);
      const Outcome outcome = decode_whole(coding, bad);
      EXPECT_TRUE(outcome.error || outcome.body == body)
          << coding << " with byte " << i << " wrong";
    }
  }
}

TEST(ContentDecoder, SaysWhatIsDamaged) {
  const std::string body = sample_text();
  std::string bad_checksum = gzip(body);
  bad_checksum[bad_checksum.size() - 6] ^= 1;
  const CodedBody cases[] = {
      {"gzip", "this is no gzip", ""},    {"gzip", zlib(body), ""},
      {"gzip", bad_checksum, ""},         {"deflate", "\xff\xff\xff\xff", ""},
      {"deflate", gzip(body), ""},        {"deflate", std::string("\x78\xbb\0\0\0\0", 6), ""},
      {"br", "\xff\xff\xff\xff\xff", ""}, {"zstd", "no zstd here", ""},
      {"zstd", gzip(body), ""},           {"gzip, br", brotli("no gzip inside"), ""},
  };
  for (const CodedBody& each : cases) {
    EXPECT_EQ(decode_whole(each.coding, each.bytes).error, DecodeError::damaged) << each.coding;
  }
}

TEST(ContentDecoder, TakesBytesBehindTheEndForDamage) {
  for (const CodedBody& each : every_coding()) {
    for (const std::string& rest : {std::string("garbage"), std::string(20, '\0')}) {
      const std::string bytes = each.bytes + rest;
      EXPECT_EQ(decode_whole(each.coding, bytes).error, DecodeError::damaged) << each.coding;
      EXPECT_EQ(decode_pieces(each.coding, cut_into_bytes(bytes), 64).error, DecodeError::damaged)
          << each.coding;
    }
  }
}

TEST(ContentDecoder, HandsOutWhatWasRightBeforeTheDamage) {
  const Outcome outcome = decode_whole("gzip", gzip("right") + "wrong");
  EXPECT_EQ(outcome.body, "right");
  EXPECT_EQ(outcome.error, DecodeError::damaged);
}

TEST(ContentDecoder, RepeatsAnErrorForEver) {
  ContentDecoder decoder = ContentDecoder::make("gzip").value();
  std::string out;
  EXPECT_EQ(decoder.decode_all("nonsense", out), DecodeError::damaged);
  EXPECT_EQ(decoder.decode_all(gzip("good"), out), DecodeError::damaged);
  EXPECT_EQ(decoder.finish(), DecodeError::damaged);
  EXPECT_EQ(out, "");
}

TEST(ContentDecoder, AcceptsABodyWithoutBytesInEveryCoding) {
  for (const CodedBody& each : every_coding()) {
    const Outcome outcome = decode_whole(each.coding, "");
    EXPECT_EQ(outcome.error, std::nullopt) << each.coding;
    EXPECT_EQ(outcome.body, "");
  }
}

TEST(ContentDecoder, TellsBareDeflateFromZlibAtEveryLevel) {
  for (const std::string& body : {std::string(), std::string("a"), sample_text(5000),
                                  std::string(70000, 'z'), std::string("\x78\x9c\x78\x9c")}) {
    for (int level = 0; level <= 9; ++level) {
      EXPECT_EQ(decode_whole("deflate", bare_deflate(body, level)).body, body) << "bare, " << level;
      EXPECT_EQ(decode_whole("deflate", zlib(body, level)).body, body) << "zlib, " << level;
    }
  }
}

// The unused bits of a stored block may say anything, even the method of a zlib header.
TEST(ContentDecoder, TellsABareBlockThatLooksLikeZlibByTheHeadersCheck) {
  const std::string block("\x08\x05\0\xfa\xffhello\x01\0\0\xff\xff", 15);
  EXPECT_EQ(decode_whole("deflate", block).body, "hello");
  EXPECT_EQ(decode_whole("deflate", block).error, std::nullopt);
}

TEST(ContentDecoder, PassesSkippableZstdFramesOver) {
  const std::string skippable = std::string("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
  EXPECT_EQ(decode_whole("zstd", zstd("a") + skippable + zstd("b")).body, "ab");
  EXPECT_EQ(decode_whole("zstd", skippable).error, std::nullopt);
}

TEST(ContentDecoder, RefusesTheFormatsThatZstdHadBeforeItWasFixed) {
  for (const char first : {'\x22', '\x25', '\x26', '\x27'}) {
    EXPECT_EQ(decode_whole("zstd", first + std::string("\xb5\x2f\xfd\0\0\0", 6)).error,
              DecodeError::damaged);
  }
}

// Behind the magic number of this broken frame there is what looks like a skippable one.
TEST(ContentDecoder, TakesABrokenZstdFrameForDamageWhereverItIsCut) {
  const std::string bytes("\x28\xb5\x2f\xfd\x50\x2a\x4d\x18\x0b\0\0\0R\n\4\2\n\4\2\7\0\0\0", 23);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::string_view all = bytes;
    EXPECT_EQ(decode_pieces("zstd", {all.substr(0, cut), all.substr(cut)}, 16384).error,
              DecodeError::damaged)
        << "cut at " << cut;
  }
}

TEST(ContentDecoder, WritesWhatAServerHasFlushedAtOnce) {
  const std::string body = sample_text();
  for (const std::string_view coding : {"gzip", "deflate", "br", "zstd"}) {
    ContentDecoder decoder = ContentDecoder::make(coding).value();
    std::string out;
    EXPECT_EQ(decoder.decode_all(flushed(coding, body), out), std::nullopt) << coding;
    EXPECT_EQ(out, body) << coding;
    EXPECT_EQ(decoder.finish(), DecodeError::truncated) << coding;
  }
}

TEST(ContentDecoder, ReadsTheFieldAsAListInAnyCase) {
  const std::string body = sample_text();
  for (const std::string_view field :
       {"GZIP", " gzip ", "X-GZip", ",gzip,,", "identity, gzip", "gzip, Identity", "\tgzip\t"}) {
    EXPECT_EQ(decode_whole(field, gzip(body)).body, body) << field;
  }
}

TEST(ContentDecoder, HandsOnWhatIsInNoOrAnUnknownCoding) {
  for (const std::string_view field :
       {"", "identity", ",", "compress", "gzip, aes128gcm", "rot13, gzip", "gzip;q=1", "gzip br"}) {
    const ContentDecoder decoder = ContentDecoder::make(field).value();
    EXPECT_TRUE(decoder.is_identity()) << field;
    EXPECT_EQ(decode_whole(field, "any bytes").body, "any bytes") << field;
  }
  EXPECT_FALSE(ContentDecoder::make("gzip")->is_identity());
}

TEST(ContentDecoder, RefusesMoreThanFourCodings) {
  EXPECT_TRUE(ContentDecoder::make("gzip, identity, br, zstd, deflate").ok());
  EXPECT_EQ(ContentDecoder::make("gzip, gzip, gzip, gzip, gzip").error(),
            DecodeError::too_many_codings);
}

TEST(ContentDecoder, CountsBytesOnBothSides) {
  const std::string bytes = gzip(sample_text());
  ContentDecoder decoder = ContentDecoder::make("gzip").value();
  std::string out;
  ASSERT_EQ(decoder.decode_all(bytes, out), std::nullopt);
  EXPECT_EQ(decoder.bytes_in(), bytes.size());
  EXPECT_EQ(decoder.bytes_out(), 600U);
}

TEST(ContentDecoder, GoesOnAfterBeingMoved) {
  const std::string body = sample_text();
  const std::string bytes = brotli(gzip(body));
  ContentDecoder first = ContentDecoder::make("gzip, br").value();
  std::string out;
  ASSERT_EQ(first.decode_all(std::string_view(bytes).substr(0, 50), out), std::nullopt);
  ContentDecoder second = std::move(first);
  ASSERT_EQ(second.decode_all(std::string_view(bytes).substr(50), out), std::nullopt);
  EXPECT_EQ(second.finish(), std::nullopt);
  EXPECT_EQ(out, body);
}

TEST(ContentDecoder, OffersEachCodingThatItUndoes) {
  EXPECT_EQ(kAcceptEncoding, "gzip, deflate, br, zstd");
  EXPECT_FALSE(ContentDecoder::make(kAcceptEncoding)->is_identity());
}

}  // namespace
}  // namespace rondo::proto
