// Bodies in each framing, fed for every cut.

#include "rondo/proto/http1_body.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "http1_framings.hpp"
#include "http1_outcome.hpp"

namespace rondo::proto {
namespace {

using namespace std::string_view_literals;
using testing::all_cuts;
using testing::kChunked;
using testing::length;
using testing::Pieces;
using testing::read_body;

constexpr BodyFraming kUntilClose{BodyKind::until_close, 0};

void expect_for_all_cuts(const BodyFraming& framing, std::string_view input,
                         std::string_view outcome, const Http1Limits& limits = {}) {
  BodyDecoder again(kChunked, limits);  // begins anew wherever the one before has ended
  for (const Pieces& pieces : all_cuts(input)) {
    BodyDecoder body(framing, limits);
    ASSERT_EQ(read_body(body, pieces), outcome)
        << ::testing::PrintToString(input) << " in " << pieces.count() << " pieces, first of "
        << pieces.first_size();
    static_cast<void>(again.feed("1\r\nx\r\n0\r\nA: cut of"));
    again.reset(framing);
    ASSERT_EQ(read_body(again, pieces), outcome) << ::testing::PrintToString(input);
  }
}

// `message` is a whole body; `rest` follows it and is not to be touched.
void expect_body(const BodyFraming& framing, std::string_view message, std::string_view words,
                 std::string_view rest = {}, const Http1Limits& limits = {}) {
  expect_for_all_cuts(framing, std::string(message).append(rest),
                      "complete " + std::to_string(message.size()) + " " + std::string(words),
                      limits);
}

struct Refused {
  std::string_view input;
  std::string_view data;
};

void expect_error(Http1Error error, std::initializer_list<Refused> cases,
                  const Http1Limits& limits = {}) {
  for (const Refused& c : cases) {
    const std::string outcome =
        "error: " + std::string(describe(error)) + " '" + std::string(c.data) + "'";
    expect_for_all_cuts(kChunked, c.input, outcome, limits);
  }
}

TEST(BodyDecoder, IsCompleteAtOnceWithoutABody) {
  BodyDecoder none;
  EXPECT_EQ(none.state(), ReadState::complete);
  EXPECT_EQ(none.feed("HTTP/1.1 200 OK").consumed, 0U);
  EXPECT_EQ(none.end_of_input(), ReadState::complete);
  EXPECT_EQ(none.remaining(), 0U);

  BodyDecoder empty(length(0));
  EXPECT_EQ(empty.state(), ReadState::complete);
  EXPECT_EQ(empty.feed("x").consumed, 0U);
}

TEST(BodyDecoder, CountsALength) {
  expect_body(length(5), "hello", "'hello'");
  expect_body(length(5), "hello", "'hello'", "HTTP/1.1");
  expect_for_all_cuts(length(6), "hello", "need_more 'hello'");
}

TEST(BodyDecoder, ReadsUntilClose) {
  expect_for_all_cuts(kUntilClose, "hello", "need_more 'hello'");
  for (const Pieces& pieces : all_cuts("hello")) {
    BodyDecoder body(kUntilClose);
    EXPECT_EQ(read_body(body, pieces, true), "complete 5 'hello'");
  }
  BodyDecoder empty(kUntilClose);
  EXPECT_EQ(empty.end_of_input(), ReadState::complete);
}

TEST(BodyDecoder, ReadsChunks) {
  expect_body(kChunked, "0\r\n\r\n", "''");
  expect_body(kChunked, "5\r\nhello\r\n0\r\n\r\n", "'hello'");
  expect_body(kChunked, "5\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n000\r\n\r\n",
              "'hello 0123456789'");
  expect_body(kChunked, "00a\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n", "'\r\n\r\n\r\n\r\n\r\n'");
  expect_body(kChunked, "000000000000005\r\nhello\r\n0\r\n\r\n", "'hello'");
  expect_body(kChunked, "0000000000000005\r\nhello\r\n0000000000000000000\r\n\r\n", "'hello'");
}

TEST(BodyDecoder, StopsExactlyBehindTheLastChunk) {
  expect_body(kChunked, "1\r\nx\r\n0\r\n\r\n", "'x'", "HTTP/1.1 200 OK\r\n");
  expect_body(kChunked, "0\r\n\r\n", "''", "\r\n");
  expect_body(kChunked, "0\r\nA: b\r\n\r\n", "'' [A=b]", "X");
}

TEST(BodyDecoder, HandsOutTheLastPieceAndTheEndTogether) {
  BodyDecoder body(kChunked);
  const std::string_view input = "5\r\nhello\r\n0\r\n\r\n";
  const BodyPiece piece = body.feed(input);
  EXPECT_EQ(piece.data, "hello");
  EXPECT_EQ(piece.data.data(), input.data() + 3) << "a view, not a copy";
  EXPECT_EQ(piece.consumed, input.size());
  EXPECT_EQ(piece.state, ReadState::complete);
}

TEST(BodyDecoder, SkipsChunkExtensions) {
  expect_body(kChunked, "1;a\r\nx\r\n1 ; a=\"b c\"\t;d\r\ny\r\n1 \t\r\nz\r\n0;end\r\n\r\n",
              "'xyz'");
  expect_body(kChunked, "1;a=\"b\r\nx\r\n0;\r\n\r\n", "'x'");
}

TEST(BodyDecoder, ReadsTrailersApart) {
  expect_body(kChunked, "1\r\nx\r\n0\r\nDigest: abc\r\nB:\r\n\r\n", "'x' [Digest=abc] [B=]");
}

TEST(BodyDecoder, RefusesMalformedChunkSizes) {
  expect_error(Http1Error::bad_chunk_size, {{"\r\n", ""},
                                            {"x\r\n", ""},
                                            {"-1\r\n", ""},
                                            {"+1\r\n", ""},
                                            {" 1\r\n", ""},
                                            {"0x1\r\n", ""},
                                            {"1x\r\n", ""},
                                            {"1,\r\n", ""},
                                            {";a\r\n", ""},
                                            {"1 1\r\n", ""},
                                            {"1\n", ""},
                                            {"1\rx", ""},
                                            {"1\r\r\n", ""},
                                            {"1;a\nx", ""},
                                            {"1;a\rx", ""},
                                            {"1;a\n\nx", ""},
                                            {"1;a\0b\r\n"sv, ""},
                                            {"1;\x01\r\n", ""},
                                            {"1 \n", ""},
                                            {"1\r\nx\r\n\r\n", "x"},
                                            {"1\r\nx\r\ng\r\n", "x"},
                                            {"\n1\r\nx", ""}});
}

TEST(BodyDecoder, RefusesChunksThatAreTooLarge) {
  expect_error(Http1Error::chunk_too_large, {{"1000000000000000\r\n", ""},
                                             {"ffffffffffffffff\r\n", ""},
                                             {"10000000000000005\r\nhello", ""},
                                             {"001000000000000000\r\n", ""}});
}

TEST(BodyDecoder, TakesTheLargestChunkSize) {
  BodyDecoder body(kChunked);
  EXPECT_EQ(body.feed("fffffffffffffff\r\nab").data, "ab");
  EXPECT_EQ(body.contiguous(), 0xfffffffffffffffU - 2);
}

TEST(BodyDecoder, RefusesChunksWithoutTheirEnd) {
  expect_error(Http1Error::bad_chunk_end, {{"1\r\nxy", "x"},
                                           {"1\r\nx\n0\r\n\r\n", "x"},
                                           {"1\r\nx\rx", "x"},
                                           {"1\r\nx\r\r\n", "x"},
                                           {"5\r\nhello0\r\n\r\n", "hello"}});
}

TEST(BodyDecoder, RefusesTrailersWithLoneLfFoldsOrNonsense) {
  expect_error(Http1Error::bad_line_end, {{"0\r\n\n", ""}, {"0\r\nA: b\n\r\n", ""}});
  expect_error(Http1Error::unexpected_fold, {{"0\r\n A: b\r\n\r\n", ""}});
  expect_error(Http1Error::bad_field_name, {{"0\r\nnonsense\r\n\r\n", ""}, {"0\r\n\r\r\n", ""}});
  for (const std::string_view input : {"0\r\nA: b\r\n c\r\n\r\n", "0\r\nA: b\r\nC: \x01\r\n\r\n"}) {
    BodyDecoder body(kChunked);
    EXPECT_EQ(read_body(body, all_cuts(input).front()).substr(0, 5), "error") << input;
  }
}

TEST(BodyDecoder, LimitsTrailers) {
  BodyDecoder fields(kChunked, {.max_fields = 1});
  static_cast<void>(fields.feed("0\r\nA: b\r\nC: d\r\n\r\n"));
  EXPECT_EQ(fields.error(), Http1Error::too_many_fields);
  BodyDecoder lines(kChunked, {.max_line = 10});
  static_cast<void>(lines.feed("0\r\nA: b23456789"));
  EXPECT_EQ(lines.error(), Http1Error::line_too_long);
  BodyDecoder bytes(kChunked, {.max_head = 10});
  static_cast<void>(bytes.feed("0\r\nA: b\r\nC: d\r\n\r\n"));
  EXPECT_EQ(bytes.error(), Http1Error::head_too_large);
}

TEST(BodyDecoder, AllowsExtensionsInProportionToTheData) {
  const Http1Limits limits{.max_chunk_extensions = 4};
  expect_body(kChunked, "1;abcd\r\nx\r\n0;a\r\n\r\n", "'x'", {}, limits);
  expect_body(kChunked, "0000000000000000001\r\nx\r\n0;a\r\n\r\n", "'x'", {}, limits);
  expect_error(Http1Error::chunk_extension_too_long,
               {{"1;abcde\r\nx\r\n0\r\n\r\n", ""},
                {"1     \r\nx\r\n0\r\n\r\n", ""},
                {"00000000000000000001\r\nx\r\n0\r\n\r\n", ""},
                {"1;abcd\r\nx\r\n1;ab\r\ny\r\n0\r\n\r\n", "x"}},
               limits);
}

TEST(BodyDecoder, EndsAnExtensionThatNeverEnds) {
  BodyDecoder body(kChunked);
  ASSERT_EQ(body.feed("1;").state, ReadState::need_more);
  std::size_t fed = 0;
  while (body.feed("extension=1;").state == ReadState::need_more && fed < 1'000'000) fed += 12;
  EXPECT_EQ(body.error(), Http1Error::chunk_extension_too_long);
  EXPECT_LE(fed, Http1Limits{}.max_chunk_extensions);
}

TEST(BodyDecoder, IsTruncatedWhereverTheConnectionEndsEarly) {
  const std::string_view chunked = "5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\n";
  for (std::size_t size = 0; size < chunked.size(); ++size) {
    BodyDecoder body(kChunked);
    static_cast<void>(read_body(body, Pieces({chunked.substr(0, size)}), true));
    EXPECT_EQ(body.error(), Http1Error::truncated_body) << size;
  }
  for (std::size_t size = 0; size < 5; ++size) {
    BodyDecoder body(length(5));
    static_cast<void>(read_body(body, Pieces({"hello"sv.substr(0, size)}), true));
    EXPECT_EQ(body.error(), Http1Error::truncated_body) << size;
  }
  BodyDecoder whole(kChunked);
  EXPECT_EQ(read_body(whole, Pieces({chunked}), true),
            "complete " + std::to_string(chunked.size()) + " 'helloabc' [T=v]");
}

TEST(BodyDecoder, KeepsTheFirstErrorAtTheEnd) {
  BodyDecoder body(kChunked);
  static_cast<void>(body.feed("x"));
  EXPECT_EQ(body.end_of_input(), ReadState::error);
  EXPECT_EQ(body.error(), Http1Error::bad_chunk_size);
  EXPECT_EQ(body.feed("0\r\n\r\n").consumed, 0U);
}

TEST(BodyDecoder, KnowsWhatRemains) {
  BodyDecoder counted(length(10));
  EXPECT_EQ(counted.remaining(), 10U);
  EXPECT_EQ(counted.contiguous(), 10U);
  static_cast<void>(counted.feed("1234"));
  EXPECT_EQ(counted.remaining(), 6U);
  EXPECT_EQ(counted.contiguous(), 6U);
  static_cast<void>(counted.feed("123456"));
  EXPECT_EQ(counted.remaining(), 0U);

  BodyDecoder endless(kUntilClose);
  EXPECT_EQ(endless.remaining(), std::nullopt);
  EXPECT_EQ(endless.contiguous(), 0U);

  BodyDecoder chunked(kChunked);
  EXPECT_EQ(chunked.remaining(), std::nullopt);
  EXPECT_EQ(chunked.contiguous(), 0U);
  static_cast<void>(chunked.feed("a\r\n123"));
  EXPECT_EQ(chunked.remaining(), std::nullopt);
  EXPECT_EQ(chunked.contiguous(), 7U);
  while (chunked.state() == ReadState::need_more && chunked.contiguous() > 0) {
    static_cast<void>(chunked.feed("4567890\r\n0\r\n\r\n"));
  }
  EXPECT_EQ(chunked.remaining(), 0U);

  BodyDecoder broken(length(10));
  broken.end_of_input();
  EXPECT_EQ(broken.remaining(), std::nullopt);
  EXPECT_EQ(broken.contiguous(), 0U);
}

}  // namespace
}  // namespace rondo::proto
