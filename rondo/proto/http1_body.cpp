// Data is cut out of the input in one step; only the framing between chunks, a few bytes each, goes
// byte by byte through a state machine. A piece ends where the next data begins, so the framing
// behind the last data is consumed with it and completion needs no call of its own.

#include "rondo/proto/http1_body.hpp"

#include <algorithm>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

// 60 bits: no sum of sizes that a process can ever see overflows.
constexpr int kMaxSizeBits = 60;

// Whoever writes more digits has put zeros in front, any number of which is valid. They are counted
// as extensions are: as bytes that carry nothing.
constexpr std::uint8_t kMostDigitsNeeded = kMaxSizeBits / 4;

constexpr FieldSectionRules kTrailerRules{};
constexpr std::string_view kNoTrailers = "\r\n";

}  // namespace

struct BodyDecoder::TrailerSection {
  explicit TrailerSection(const Http1Limits& limits) noexcept : reader(kTrailerRules, limits) {}

  FieldSectionReader reader;
  HeaderMap fields;
};

BodyDecoder::BodyDecoder(const BodyFraming& framing, const Http1Limits& limits) noexcept
    : limits_(limits) {
  reset(framing);
}

BodyDecoder::BodyDecoder(BodyDecoder&& other) noexcept = default;
BodyDecoder& BodyDecoder::operator=(BodyDecoder&& other) noexcept = default;
BodyDecoder::~BodyDecoder() = default;

void BodyDecoder::reset(const BodyFraming& framing) noexcept {
  stage_ = Stage::counted;
  state_ = ReadState::need_more;
  error_ = Http1Error::none;
  left_ = framing.length;
  trailers_.reset();
  switch (framing.kind) {
    case BodyKind::none:
    case BodyKind::length:
      if (left_ == 0) state_ = ReadState::complete;
      break;
    case BodyKind::chunked:
      stage_ = Stage::size_begin;
      size_digits_ = 0;
      data_bytes_ = extra_bytes_ = 0;
      break;
    case BodyKind::until_close:
      stage_ = Stage::endless;
      break;
  }
}

void BodyDecoder::set_limits(const Http1Limits& limits) noexcept {
  limits_ = limits;
}

BodyPiece BodyDecoder::feed(std::string_view input) {
  const std::size_t size = input.size();
  std::string_view data;
  if (stage_ == Stage::counted && state_ == ReadState::need_more) data = take_data(input);
  while (!input.empty() && state_ == ReadState::need_more) {
    if (!is_in_data()) {
      read_framing(input);
    } else if (data.empty()) {
      data = take_data(input);
    } else {
      break;
    }
  }
  return {size - input.size(), data, state_};
}

ReadState BodyDecoder::end_of_input() noexcept {
  if (state_ == ReadState::need_more) {
    if (stage_ == Stage::endless) {
      state_ = ReadState::complete;
    } else {
      fail(Http1Error::truncated_body);
    }
  }
  return state_;
}

std::optional<std::uint64_t> BodyDecoder::remaining() const noexcept {
  if (state_ == ReadState::complete) return 0;
  if (state_ == ReadState::need_more && stage_ == Stage::counted) return left_;
  return std::nullopt;
}

std::uint64_t BodyDecoder::contiguous() const noexcept {
  return state_ == ReadState::need_more && is_in_data() ? left_ : 0;
}

std::string_view BodyDecoder::take_data(std::string_view& input) noexcept {
  std::size_t size = input.size();
  if (stage_ != Stage::endless) {
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, left_));
    left_ -= size;
    data_bytes_ += size;
  }
  const std::string_view data = input.substr(0, size);
  input.remove_prefix(size);
  if (left_ == 0 && stage_ == Stage::counted) state_ = ReadState::complete;
  if (left_ == 0 && stage_ == Stage::chunk_data) stage_ = Stage::chunk_cr;
  return data;
}

// Reads one byte of framing, or as many as an extension or the trailers have.
void BodyDecoder::read_framing(std::string_view& input) {
  if (stage_ == Stage::trailers) return read_trailers(input);
  if (stage_ == Stage::extension) return read_extension(input);
  const char c = input.front();
  input.remove_prefix(1);
  if (stage_ == Stage::chunk_cr) {
    stage_ = Stage::chunk_lf;
    if (c != '\r') fail(Http1Error::bad_chunk_end);
  } else if (stage_ == Stage::chunk_lf) {
    stage_ = Stage::size_begin;
    if (c != '\n') fail(Http1Error::bad_chunk_end);
  } else {
    read_size_line(c);
  }
}

void BodyDecoder::read_size_line(char c) noexcept {
  if (stage_ == Stage::size_lf) {
    return c == '\n' ? begin_chunk() : fail(Http1Error::bad_chunk_size);
  }
  const int digit = ascii::hex_value(c);
  if (stage_ == Stage::size_blanks || (stage_ == Stage::size && digit < 0)) {
    return read_after_size(c);
  }
  if (digit < 0) return fail(Http1Error::bad_chunk_size);
  if (left_ >> (kMaxSizeBits - 4) != 0) return fail(Http1Error::chunk_too_large);
  left_ = left_ << 4 | static_cast<std::uint64_t>(digit);
  stage_ = Stage::size;
  if (size_digits_ == kMostDigitsNeeded) return count_extra(1);
  ++size_digits_;
}

void BodyDecoder::read_after_size(char c) noexcept {
  if (c == '\r') {
    stage_ = Stage::size_lf;
  } else if (c == ';') {
    stage_ = Stage::extension;
  } else if (ascii::is_blank(c)) {
    stage_ = Stage::size_blanks;
    count_extra(1);
  } else {
    fail(Http1Error::bad_chunk_size);
  }
}

void BodyDecoder::read_extension(std::string_view& input) noexcept {
  const std::size_t end = std::min(find_invalid_value_byte(input), input.size());
  count_extra(end);
  if (state_ == ReadState::error) return;
  input.remove_prefix(end);
  if (input.empty()) return;
  if (input.front() != '\r') return fail(Http1Error::bad_chunk_size);
  input.remove_prefix(1);
  stage_ = Stage::size_lf;
}

// Extensions mean nothing to us, but cost time: a body may have as many bytes of them as of data,
// and a fixed number more, or else one-byte chunks could carry any amount.
void BodyDecoder::count_extra(std::size_t size) noexcept {
  extra_bytes_ += size;
  if (extra_bytes_ > limits_.max_chunk_extensions + data_bytes_)
    fail(Http1Error::chunk_extension_too_long);
}

void BodyDecoder::begin_chunk() noexcept {
  stage_ = left_ == 0 ? Stage::trailers : Stage::chunk_data;
  size_digits_ = 0;
}

void BodyDecoder::read_trailers(std::string_view& input) {
  if (trailers_ == nullptr && has_no_trailers(input)) {
    input.remove_prefix(kNoTrailers.size());
    state_ = ReadState::complete;
    return;
  }
  if (trailers_ == nullptr) trailers_ = std::make_unique<TrailerSection>(limits_);
  const ReadProgress progress = trailers_->reader.feed(input, trailers_->fields);
  input.remove_prefix(progress.consumed);
  state_ = progress.state;
  error_ = trailers_->reader.error();
}

// Whether the section that `input` begins with ends at once, and within the limits.
bool BodyDecoder::has_no_trailers(std::string_view input) const noexcept {
  return input.starts_with(kNoTrailers) &&
         kNoTrailers.size() <= std::min(limits_.max_line, limits_.max_head);
}

const HeaderMap& BodyDecoder::trailers() const noexcept {
  static const HeaderMap none;
  return trailers_ != nullptr ? trailers_->fields : none;
}

void BodyDecoder::fail(Http1Error error) noexcept {
  state_ = ReadState::error;
  error_ = error;
}

}  // namespace rondo::proto
