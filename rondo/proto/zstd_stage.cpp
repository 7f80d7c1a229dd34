// libzstd's streaming decoder. It goes from frame to frame by itself, skippable ones included, and
// refuses a frame whose window is over the limit before it allocates it.

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <new>

#include "rondo/proto/decoding_stage.hpp"

namespace rondo::proto {
namespace {

// 8 MiB: what every sender may count on and no receiver need exceed (RFC 9659 §3).
constexpr int kMaxWindowLog = 23;

// The first byte of the magic number of a frame or a skippable frame (RFC 8878 §3.1). libzstd may
// have been built to take formats from before that one, too, which start differently.
bool may_start_frame(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x28 || (byte & 0xf0) == 0x50;
}

// libzstd decodes a small frame in one go if it finds all of it in its input, and looks for it
// there even if the frame has begun in an earlier piece. So that pieces make no difference, the
// longest header there can be goes in byte by byte.
constexpr std::size_t kMaxHeader = 18;

struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

class ZstdStage final : public DecodingStage {
 public:
  Step run(std::string_view& in, std::span<char> out) override {
    std::size_t written = 0;
    // libzstd takes repeated calls without input for a caller that hangs, so it is only called when
    // it can get on.
    while (written < out.size() && (!in.empty() || has_more_)) {
      if (complete_) {
        if (!may_start_frame(in.front())) return {written, true};
        begin_frame();
      }
      const std::size_t offered =
          frame_bytes_ < kMaxHeader ? std::min<std::size_t>(in.size(), 1) : in.size();
      ZSTD_inBuffer input{in.data(), offered, 0};
      ZSTD_outBuffer output{out.data() + written, out.size() - written, 0};
      const std::size_t result = ZSTD_decompressStream(context_.get(), &output, &input);
      in.remove_prefix(input.pos);
      frame_bytes_ += input.pos;
      written += output.pos;
      if (ZSTD_isError(result) != 0) {
        if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) throw std::bad_alloc();
        return {written, true};
      }
      complete_ = result == 0;
      has_more_ = !complete_ && output.pos == output.size;
    }
    return {written};
  }

  [[nodiscard]] bool is_complete() const noexcept override { return complete_; }

 private:
  void begin_frame() {
    frame_bytes_ = 0;
    if (context_) return;
    context_.reset(ZSTD_createDCtx());
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
  }

  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context_;
  std::uint64_t frame_bytes_ = 0;
  bool complete_ = true;
  bool has_more_ = false;
};

}  // namespace

std::unique_ptr<DecodingStage> make_zstd_stage() {
  return std::make_unique<ZstdStage>();
}

}  // namespace rondo::proto
