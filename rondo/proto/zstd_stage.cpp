// libzstd's streaming decoder. It goes from frame to frame by itself, skippable ones included, and
// refuses a frame whose window is over the limit before it allocates it.

#include <zstd.h>
#include <zstd_errors.h>

#include <new>

#include "rondo/proto/decoding_stage.hpp"

namespace rondo::proto {
namespace {

// 8 MiB: what every sender may count on and no receiver need exceed (RFC 9659 §3).
constexpr int kMaxWindowLog = 23;

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

class ZstdStage final : public DecodingStage {
 public:
  Step run(std::string_view& in, std::span<char> out) override {
    std::size_t written = 0;
    // libzstd takes repeated calls without input for a caller that hangs, so it is only called when
    // it can get on.
    while (written < out.size() && (!in.empty() || has_more_)) {
      begin();
      ZSTD_inBuffer input{in.data(), in.size(), 0};
      ZSTD_outBuffer output{out.data() + written, out.size() - written, 0};
      const std::size_t result = ZSTD_decompressStream(context_.get(), &output, &input);
      in.remove_prefix(input.pos);
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
  void begin() {
    if (context_) return;
    context_.reset(ZSTD_createDCtx());
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
  }

  std::unique_ptr<ZSTD_DCtx, FreeContext> context_;
  bool complete_ = true;
  bool has_more_ = false;
};

}  // namespace

std::unique_ptr<DecodingStage> make_zstd_stage() {
  return std::make_unique<ZstdStage>();
}

}  // namespace rondo::proto
