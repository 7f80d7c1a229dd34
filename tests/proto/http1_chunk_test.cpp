#include "rondo/proto/http1_chunk.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/proto/http1_body.hpp"

#include "http1_outcome.hpp"

namespace rondo::proto {
namespace {

TEST(ChunkHeader, IsTheSizeInHexadecimal) {
  EXPECT_EQ(ChunkHeader(1).text(), "1\r\n");
  EXPECT_EQ(ChunkHeader(255).text(), "ff\r\n");
  EXPECT_EQ(ChunkHeader(65536).text(), "10000\r\n");
  EXPECT_EQ(ChunkHeader(UINT64_MAX).text(), "ffffffffffffffff\r\n");
}

TEST(ChunkHeader, IsEmptyForAnEmptyPieceWhichWouldEndTheBody) {
  EXPECT_EQ(ChunkHeader(0).text(), "");
}

TEST(AppendLastChunk, EndsTheBody) {
  std::string out = "x";
  EXPECT_FALSE(append_last_chunk({}, out));
  EXPECT_EQ(out, "x" + std::string(kLastChunk));
}

TEST(AppendLastChunk, WritesTrailersAndRefusesBadOnes) {
  std::string out;
  EXPECT_FALSE(append_last_chunk(HeaderMap({{"Digest", " abc "}, {"B", ""}}), out));
  EXPECT_EQ(out, "0\r\nDigest: abc\r\nB: \r\n\r\n");

  out = "x";
  const auto value = append_last_chunk(HeaderMap({{"A", "b"}, {"C", "d\r\n\r\n"}}), out);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->fault, RequestFault::bad_field_value);
  EXPECT_EQ(value->field, "C");
  const auto name = append_last_chunk(HeaderMap({{"A\r\n", "b"}}), out);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->fault, RequestFault::bad_field_name);
  EXPECT_EQ(out, "x");
}

TEST(Chunks, AreReadBackByTheDecoder) {
  std::string body;
  for (const std::string& piece :
       {std::string("hello"), std::string(300, 'x'), std::string("\r\n")}) {
    body.append(ChunkHeader(piece.size()).text()).append(piece).append(kChunkEnd);
  }
  EXPECT_FALSE(append_last_chunk(HeaderMap({{"T", "v"}}), body));
  BodyDecoder decoder({BodyKind::chunked, 0});
  EXPECT_EQ(testing::read_body(decoder, testing::Pieces({body})),
            "complete " + std::to_string(body.size()) + " 'hello" + std::string(300, 'x') +
                "\r\n' [T=v]");
}

}  // namespace
}  // namespace rondo::proto
