// Whole messages, one behind the other, as a connection delivers them.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rondo/proto/http1_body.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/proto/http1_head.hpp"

#include "http1_outcome.hpp"

namespace rondo::proto {
namespace {

using testing::all_cuts;
using testing::Pieces;

// Reads responses from pieces of a stream, and keeps the bytes that a step did not consume for the
// next one, as a connection does.
class Reader {
 public:
  bool feed(std::string_view piece) {
    buffer_.append(piece);
    while (!buffer_.empty() && error_ == Http1Error::none && step()) {
    }
    return error_ == Http1Error::none;
  }

  std::string end() {
    if (error_ != Http1Error::none) {
      log_ += "error: " + std::string(describe(error_));
    } else if (in_body_ && body_.end_of_input() == ReadState::complete) {
      finish();
    } else if (in_body_) {
      log_ += "error: " + std::string(describe(body_.error()));
    } else if (parser_.has_begun()) {
      log_ += "error: " + std::string(describe(Http1Error::truncated_head));
    }
    return log_;
  }

 private:
  bool step() { return in_body_ ? read_body() : read_head(); }

  bool read_head() {
    const ReadProgress progress = parser_.feed(buffer_);
    error_ = parser_.error();
    if (error_ == Http1Error::none) buffer_.erase(0, progress.consumed);
    if (progress.state != ReadState::complete) return false;
    const ResponseHead head = parser_.take();
    const auto end = response_end("GET", head);
    if (!end) {
      error_ = end.error();
      return false;
    }
    log_ += std::to_string(head.status) + " ";
    body_ = BodyDecoder(end->framing);
    in_body_ = true;
    if (body_.state() == ReadState::complete) finish();
    return true;
  }

  bool read_body() {
    const BodyPiece piece = body_.feed(buffer_);
    data_.append(piece.data);
    error_ = body_.error();
    buffer_.erase(0, piece.consumed);
    if (piece.state == ReadState::complete) finish();
    return piece.state != ReadState::error && piece.consumed > 0;
  }

  void finish() {
    log_ += "'" + data_ + "' ";
    data_.clear();
    in_body_ = false;
  }

  ResponseHeadParser parser_;
  BodyDecoder body_;
  bool in_body_ = false;
  Http1Error error_ = Http1Error::none;
  std::string buffer_;
  std::string data_;
  std::string log_;
};

std::string read_all(const Pieces& pieces) {
  Reader reader;
  pieces.each([&](std::string_view piece) { return reader.feed(piece); });
  return reader.end();
}

constexpr std::string_view kStream =
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    "HTTP/1.1 100 Continue\r\n\r\n"
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nHTTP\r\n2\r\n/1\r\n0\r\nT: v\r\n\r\n"
    "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n"
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"
    "HTTP/1.1 404 Not Found\nContent-Length: 0\n\n"
    "HTTP/1.0 500 Oops\r\n\r\nuntil the end";

TEST(Http1Messages, EndExactlyWhereTheNextBegins) {
  for (const Pieces& pieces : all_cuts(kStream)) {
    ASSERT_EQ(read_all(pieces),
              "200 'hello' 100 '' 200 'HTTP/1' 204 '' 304 '' 404 '' 500 'until the end' ")
        << pieces.count() << " pieces, first of " << pieces.first_size();
  }
}

TEST(Http1Messages, AreTruncatedWhereverTheStreamEnds) {
  // The ends of messages, behind which the stream may end; the last message may end anywhere.
  const std::string_view until_close = "HTTP/1.0 500 Oops\r\n\r\n";
  std::vector<std::size_t> ends = {0};
  for (const std::string_view end : {"hello", "Continue\r\n\r\n", "T: v\r\n\r\n", "A: b\r\n\r\n",
                                     "Content-Length: 7\r\n\r\n", "Length: 0\n\n"}) {
    ends.push_back(kStream.find(end, ends.back()) + end.size());
  }
  const std::size_t last = kStream.find(until_close) + until_close.size();
  for (std::size_t size = 0; size < kStream.size(); ++size) {
    const bool whole = size >= last || std::find(ends.begin(), ends.end(), size) != ends.end();
    const std::string log = read_all(Pieces({kStream.substr(0, size)}));
    EXPECT_EQ(log.find("error: ") == std::string::npos, whole) << size << ": " << log;
  }
}

TEST(Http1Messages, RefuseBytesThatNobodyAsksFor) {
  for (const std::string_view junk : {"\r\n", "x", "0\r\n\r\n", "hello"}) {
    const std::string stream = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" +
                               std::string(junk) + "HTTP/1.1 200 OK\r\n\r\n";
    EXPECT_EQ(read_all(Pieces({stream})),
              "200 'hello' error: " + std::string(describe(Http1Error::bad_status_line)));
  }
}

TEST(Http1Messages, RefuseAmbiguousFraming) {
  EXPECT_EQ(read_all(Pieces({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"})),
            "error: " + std::string(describe(Http1Error::content_length_with_transfer_encoding)));
}

TEST(Http1Errors, AreAllDescribedDifferently) {
  std::vector<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(Http1Error::truncated_body); ++i) {
    const std::string_view words = describe(static_cast<Http1Error>(i));
    EXPECT_FALSE(words.empty());
    EXPECT_EQ(std::find(seen.begin(), seen.end(), words), seen.end()) << words;
    seen.push_back(words);
  }
}

}  // namespace
}  // namespace rondo::proto
