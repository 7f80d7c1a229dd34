// Limits of heads: each is exact, bounds the memory, and gives the same verdict for every cut.

#include <gtest/gtest.h>

#include <string>

#include "rondo/proto/http1_head.hpp"

#include "http1_outcome.hpp"

namespace rondo::proto {
namespace {

using testing::all_cuts;
using testing::error_of;
using testing::Pieces;
using testing::read_head;

void expect_outcome(const Http1Limits& limits, std::string_view input, std::string_view outcome) {
  for (const Pieces& pieces : all_cuts(input)) {
    ResponseHeadParser parser(limits);
    ASSERT_EQ(read_head(parser, pieces).substr(0, outcome.size()), outcome)
        << ::testing::PrintToString(input) << " in " << pieces.count() << " pieces, first of "
        << pieces.first_size();
  }
}

TEST(Http1Limits, AllowALineOfExactlyTheLimit) {
  const std::string_view input = "HTTP/1.1 200 OK\r\nName: a value\r\n\r\n";
  expect_outcome({.max_line = 17}, input, "complete");
  expect_outcome({.max_line = 16}, input, error_of(Http1Error::line_too_long));
  const std::string_view field = "HTTP/1.1 200\r\nName: a longer value\r\n\r\n";
  expect_outcome({.max_line = 22}, field, "complete");
  expect_outcome({.max_line = 21}, field, error_of(Http1Error::line_too_long));
}

TEST(Http1Limits, CountALoneLfAsOneByte) {
  expect_outcome({.max_line = 16}, "HTTP/1.1 200 OK\n\n", "complete");
  expect_outcome({.max_line = 15}, "HTTP/1.1 200 OK\n\n", error_of(Http1Error::line_too_long));
}

TEST(Http1Limits, AllowAHeadOfExactlyTheLimit) {
  const std::string_view input = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n";
  const auto size = static_cast<std::uint32_t>(input.size());
  expect_outcome({.max_head = size}, input, "complete");
  for (std::uint32_t less = 1; less < size; ++less) {
    expect_outcome({.max_head = size - less}, input, error_of(Http1Error::head_too_large));
  }
}

TEST(Http1Limits, AllowExactlyTheLimitOfFields) {
  const std::string_view input = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n e\r\nF: g\r\n\r\n";
  expect_outcome({.max_fields = 3}, input, "complete");
  expect_outcome({.max_fields = 2}, input, error_of(Http1Error::too_many_fields));
  expect_outcome({.max_fields = 0}, input, error_of(Http1Error::too_many_fields));
  expect_outcome({.max_fields = 0}, "HTTP/1.1 200 OK\r\n\r\n", "complete");
}

TEST(Http1Limits, NameTheLimitThatIsReachedFirst) {
  const std::string_view input = "HTTP/1.1 200 OK\r\nA: 3456789\r\n\r\n";
  expect_outcome({.max_line = 17, .max_head = 20}, input, error_of(Http1Error::head_too_large));
  expect_outcome({.max_line = 8, .max_head = 20}, input, error_of(Http1Error::line_too_long));
  expect_outcome({.max_line = 8, .max_head = 8}, input, error_of(Http1Error::line_too_long));
}

TEST(Http1Limits, PreferTheEarlierErrorOverALineThatIsTooLong) {
  expect_outcome({.max_line = 8}, "SSH-2.0-something\r\n", error_of(Http1Error::bad_status_line));
  expect_outcome({.max_line = 20}, "HTTP/1.1 200 OK\r\nbad name that is too long: x\r\n\r\n",
                 error_of(Http1Error::line_too_long));
}

TEST(Http1Limits, EndALineThatNeverEnds) {
  for (const std::size_t piece : {1U, 7U, 1000U, 100'000U}) {
    ResponseHeadParser parser;
    ASSERT_EQ(parser.feed("HTTP/1.1 200 OK\r\nA: ").state, ReadState::need_more);
    const std::string more(piece, 'a');
    std::size_t fed = 0;
    while (parser.feed(more).state == ReadState::need_more && fed < 1'000'000) fed += piece;
    EXPECT_EQ(parser.error(), Http1Error::line_too_long) << piece;
    EXPECT_LE(fed, Http1Limits{}.max_line);
  }
}

TEST(Http1Limits, EndAHeadThatNeverEnds) {
  ResponseHeadParser many;
  ASSERT_EQ(many.feed("HTTP/1.1 200 OK\r\n").state, ReadState::need_more);
  std::size_t lines = 0;
  while (many.feed("X-Endless: 1\r\n").state == ReadState::need_more && lines < 10'000) ++lines;
  EXPECT_EQ(many.error(), Http1Error::too_many_fields);
  EXPECT_EQ(lines, Http1Limits{}.max_fields);

  ResponseHeadParser large;
  ASSERT_EQ(large.feed("HTTP/1.1 200 OK\r\nA: b\r\n").state, ReadState::need_more);
  const std::string fold = " " + std::string(1000, 'f') + "\r\n";
  std::size_t fed = 0;
  while (large.feed(fold).state == ReadState::need_more && fed < 1'000'000) fed += fold.size();
  EXPECT_EQ(large.error(), Http1Error::head_too_large);
  EXPECT_LE(fed, Http1Limits{}.max_head);
}

TEST(Http1Limits, CountEachHeadAnew) {
  ResponseHeadParser parser({.max_fields = 2, .max_head = 40});
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(parser.feed("HTTP/1.1 100 Go\r\nA: b\r\nC: d\r\n\r\n").state, ReadState::complete);
    parser.reset();
  }
}

TEST(Http1Limits, HaveTheirDocumentedDefaults) {
  const std::string line = "A: " + std::string(16 * 1024 - 5, 'v') + "\r\n";
  ResponseHeadParser fits;
  EXPECT_EQ(fits.feed("HTTP/1.1 200 OK\r\n" + line + "\r\n").state, ReadState::complete);
  ResponseHeadParser too_long;
  EXPECT_EQ(too_long.feed("HTTP/1.1 200 OK\r\nA" + line).state, ReadState::error);
}

}  // namespace
}  // namespace rondo::proto
