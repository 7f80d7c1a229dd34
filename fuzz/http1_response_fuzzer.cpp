// Responses behind one another on a connection, read whole and in pieces: both must come to the
// same outcome, without a crash and within the limits. The pieces are read into one head again and
// again, which keeps the lines that are the same; the others into new ones.
//
// The first four bytes of the input choose the method and the sizes of the pieces; the rest is what
// the server sends.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/http1_body.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/proto/http1_head.hpp"

namespace {

using namespace rondo::proto;

constexpr std::size_t kControlBytes = 4;
// Small enough for the fuzzer to reach.
constexpr Http1Limits kLimits{
    .max_line = 100, .max_fields = 8, .max_head = 400, .max_chunk_extensions = 20};

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

// Reads piece by piece, and writes down all that a user of the codec would see.
class Reader {
 public:
  /// Heads are read into `used`, with what it had before; null: each is a new one.
  explicit Reader(std::string_view method, ResponseHead* used = nullptr)
      : method_(method), used_(used) {
    begin_head();
  }

  // Each piece is memory of its own, so that reading past it or keeping a view of it is found.
  void feed(std::string_view bytes) {
    const std::vector<char> copy(bytes.begin(), bytes.end());
    std::string_view piece(copy.data(), copy.size());
    while (!piece.empty() && !failed_) {
      const std::size_t consumed = in_body_ ? read_body(piece) : read_head(piece);
      if (failed_) return;
      require(consumed <= piece.size(), "no more is consumed than was fed");
      piece.remove_prefix(consumed);
    }
  }

  const std::string& end() {
    if (failed_) return log_;
    if (in_body_ && body_.end_of_input() == ReadState::error) {
      fail(body_.error());
    } else if (in_body_) {
      finish_body();
    } else {
      log_ += head_.has_begun() ? "cut head" : "clean end";
    }
    return log_;
  }

 private:
  void begin_head() {
    if (used_ != nullptr) head_.read_into(*used_);
  }

  std::size_t read_head(std::string_view piece) {
    const ReadProgress progress = head_.feed(piece);
    if (progress.state == ReadState::error) return fail(head_.error());
    if (progress.state == ReadState::need_more) {
      require(progress.consumed == piece.size(), "all of an unfinished head is consumed");
      return progress.consumed;
    }
    if (used_ != nullptr) {
      begin_body(*used_);
    } else {
      begin_body(head_.take());
    }
    return progress.consumed;
  }

  void begin_body(const ResponseHead& head) {
    require(head.status >= 100 && head.status <= 999, "the status is in range");
    require(head.headers.size() <= kLimits.max_fields, "the number of fields is limited");
    log_ += std::to_string(head.status) + "." + std::to_string(head.minor_version) + " '" +
            head.reason + "'";
    std::size_t size = 0;
    for (const Field field : head.headers) {
      require(is_clean(field), "no field holds CR, LF or NUL");
      size += field.name.size() + field.value.size();
      log_.append(" [").append(field.name).append("=").append(field.value).append("]");
    }
    require(size <= kLimits.max_head, "the size of the head is limited");
    const auto end = response_end(method_, head);
    if (!end) {
      fail(end.error());
      return;
    }
    body_ = BodyDecoder(end->framing, kLimits);
    in_body_ = true;
    log_ += end->keeps_alive ? " keep '" : " close '";
    if (body_.state() == ReadState::complete) finish_body();
  }

  static bool is_clean(const Field& field) {
    constexpr std::string_view kBad("\r\n\0", 3);
    return !field.name.empty() && field.name.find_first_of(kBad) == std::string_view::npos &&
           field.value.find_first_of(kBad) == std::string_view::npos;
  }

  std::size_t read_body(std::string_view input) {
    const auto expected = body_.contiguous();
    const BodyPiece piece = body_.feed(input);
    log_.append(piece.data);
    if (piece.state == ReadState::error) return fail(body_.error());
    require(piece.data.size() <= piece.consumed, "data is part of what is consumed");
    require(piece.consumed > 0, "there is always progress");
    require(expected == 0 || piece.data.size() == std::min<std::uint64_t>(expected, input.size()),
            "what is announced as contiguous comes at once");
    if (piece.state == ReadState::complete) finish_body();
    return piece.consumed;
  }

  void finish_body() {
    log_ += "'";
    for (const Field field : body_.trailers()) {
      require(is_clean(field), "no trailer holds CR, LF or NUL");
      log_.append(" <").append(field.name).append("=").append(field.value).append(">");
    }
    log_ += "\n";
    in_body_ = false;
    begin_head();
  }

  std::size_t fail(Http1Error error) {
    require(error != Http1Error::none, "a refusal has a reason");
    log_.append("error: ").append(describe(error));
    failed_ = true;
    return 0;
  }

  std::string_view method_;
  ResponseHead* used_;
  ResponseHeadParser head_{kLimits};
  BodyDecoder body_;
  bool in_body_ = false;
  bool failed_ = false;
  std::string log_;
};

// A source of piece sizes: mostly small, so that cuts fall inside lines.
class PieceSizes {
 public:
  explicit PieceSizes(std::uint32_t seed) : state_(seed) {}

  std::size_t next() {
    state_ = state_ * 1664525U + 1013904223U;
    const std::uint32_t roll = state_ >> 16;
    return roll % 8 == 0 ? 1 + roll % 97 : 1 + roll % 5;
  }

 private:
  std::uint32_t state_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kControlBytes) return 0;
  constexpr std::string_view kMethods[] = {"HEAD", "POST", "CONNECT", "GET"};
  const std::string_view method = kMethods[data[0] % 4];
  PieceSizes sizes(static_cast<std::uint32_t>(data[1] | data[2] << 8 | data[3] << 16));
  const std::string_view stream(reinterpret_cast<const char*>(data) + kControlBytes,
                                size - kControlBytes);

  Reader whole(method);
  whole.feed(stream);
  ResponseHead used;
  Reader split(method, &used);
  for (std::string_view rest = stream; !rest.empty();) {
    const std::size_t piece = std::min(sizes.next(), rest.size());
    split.feed(rest.substr(0, piece));
    rest.remove_prefix(piece);
  }
  const std::string& expected = whole.end();
  const std::string& found = split.end();
  if (expected != found) {
    std::fprintf(stderr, "whole:\n%s\nsplit:\n%s\n", expected.c_str(), found.c_str());
  }
  require(expected == found, "the outcome does not depend on how the input is split");
  return 0;
}
