// libzstd's streaming encoder at its default level, whose window is far below what every receiver
// takes.

#include <zstd.h>

#include <new>

#include "rondo/proto/encoding_stage.hpp"

namespace rondo::proto {
namespace {

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

class ZstdEncoding final : public EncodingStage {
 public:
  ZstdEncoding() : context_(ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
  }

  void encode(std::string_view data, std::string& out) override { run(data, ZSTD_e_continue, out); }

  // The context begins a new frame by itself.
  void finish(std::string& out) override { run({}, ZSTD_e_end, out); }

 private:
  void run(std::string_view data, ZSTD_EndDirective directive, std::string& out) {
    ZSTD_inBuffer input{data.data(), data.size(), 0};
    bool is_done = false;
    while (!is_done) {
      const std::size_t before = out.size();
      out.resize(before + kBlock);
      ZSTD_outBuffer output{out.data() + before, kBlock, 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &output, &input, directive);
      out.resize(before + output.pos);
      if (ZSTD_isError(left) != 0) throw std::bad_alloc();  // nothing else can fail here
      is_done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
    }
  }

  std::unique_ptr<ZSTD_CCtx, FreeCompressor> context_;
};

}  // namespace

std::unique_ptr<EncodingStage> make_zstd_encoding() {
  return std::make_unique<ZstdEncoding>();
}

}  // namespace rondo::proto
