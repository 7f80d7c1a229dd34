// zlib, for both codings that are made of deflate blocks. gzip's framing is read by zlib itself.
// The deflate coding is held back for two bytes, which tell the zlib format from bare blocks: a
// zlib header has method 8 and is a multiple of 31, and no bare block starts like that unless its
// unused bits were set on purpose.

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include "rondo/proto/decoding_stage.hpp"

namespace rondo::proto {
namespace {

uInt clamp_size(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

// zlib's state points back at its z_stream, so this object never moves.
class InflateStage : public DecodingStage {
 public:
  ~InflateStage() override {
    if (initialised_) inflateEnd(&stream_);
  }

  Step run(std::string_view& in, std::span<char> out) override {
    std::size_t written = 0;
    while (true) {
      if (!inside_) {
        if (in.empty()) return {written};
        complete_ = false;
        const Opening opening = open(in);
        if (opening != Opening::done) return {written, opening == Opening::refused};
      }
      const int result = inflate_some(held_.empty() ? in : held_, out, written);
      if (result == Z_STREAM_END) {
        inside_ = false;
        complete_ = true;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return {written, true};
      } else if (written == out.size() || in.empty()) {
        return {written};
      }
    }
  }

  [[nodiscard]] bool is_complete() const noexcept override { return complete_; }

 protected:
  enum class Opening { done, needs_more, refused };

  // Calls start() for a stream that begins at the front of `in`, which is not empty.
  virtual Opening open(std::string_view& in) = 0;

  // `held` goes before the rest of the input; it must live as long as this object.
  void start(int window_bits, std::string_view held = {}) {
    const int result =
        initialised_ ? inflateReset2(&stream_, window_bits) : inflateInit2(&stream_, window_bits);
    if (result != Z_OK) throw std::bad_alloc();
    initialised_ = true;
    inside_ = true;
    held_ = held;
  }

 private:
  int inflate_some(std::string_view& in, std::span<char> out, std::size_t& written) {
    // zlib's interface is not const-correct by default; it only reads the input.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = clamp_size(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + written);
    stream_.avail_out = clamp_size(out.size() - written);
    const uInt offered = stream_.avail_in;
    const uInt room = stream_.avail_out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    in.remove_prefix(offered - stream_.avail_in);
    written += room - stream_.avail_out;
    return result;
  }

  z_stream stream_{};
  std::string_view held_;
  bool initialised_ = false;
  bool inside_ = false;
  bool complete_ = true;
};

class GzipStage final : public InflateStage {
  // Each member starts anew; zlib refuses whatever does not start like one.
  Opening open(std::string_view&) override {
    start(MAX_WBITS + 16);
    return Opening::done;
  }
};

class DeflateStage final : public InflateStage {
  Opening open(std::string_view& in) override {
    if (size_ == head_.size()) return Opening::refused;
    while (size_ < head_.size() && !in.empty()) {
      head_[size_++] = in.front();
      in.remove_prefix(1);
    }
    if (size_ < head_.size()) return Opening::needs_more;
    start(is_zlib_header() ? MAX_WBITS : -MAX_WBITS, {head_.data(), head_.size()});
    return Opening::done;
  }

  [[nodiscard]] bool is_zlib_header() const {
    const unsigned method = static_cast<unsigned char>(head_[0]);
    const unsigned flags = static_cast<unsigned char>(head_[1]);
    return (method & 15) == Z_DEFLATED && (method << 8 | flags) % 31 == 0;
  }

  std::array<char, 2> head_{};
  std::size_t size_ = 0;
};

}  // namespace

std::unique_ptr<DecodingStage> make_gzip_stage() {
  return std::make_unique<GzipStage>();
}

std::unique_ptr<DecodingStage> make_deflate_stage() {
  return std::make_unique<DeflateStage>();
}

}  // namespace rondo::proto
