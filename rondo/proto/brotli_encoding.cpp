// Google's Brotli encoder. Its default quality is for files that are compressed once: a request is
// compressed while somebody waits, so it gets one that takes about as long as gzip does. An encoder
// that has ended cannot be used again, so the next body gets another.

#include <brotli/encode.h>

#include <new>

#include "rondo/proto/encoding_stage.hpp"

namespace rondo::proto {
namespace {

constexpr std::uint32_t kQuality = 5;

struct DestroyEncoder {
  void operator()(BrotliEncoderState* state) const noexcept { BrotliEncoderDestroyInstance(state); }
};

class BrotliEncoding final : public EncodingStage {
 public:
  void encode(std::string_view data, std::string& out) override {
    run(data, BROTLI_OPERATION_PROCESS, out);
  }

  void finish(std::string& out) override {
    run({}, BROTLI_OPERATION_FINISH, out);
    state_.reset();
  }

 private:
  void run(std::string_view data, BrotliEncoderOperation operation, std::string& out) {
    if (!state_) begin();
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(data.data());
    std::size_t left = data.size();
    do {
      const std::size_t before = out.size();
      out.resize(before + kBlock);
      auto* next_out = reinterpret_cast<std::uint8_t*>(out.data() + before);
      std::size_t room = kBlock;
      const BROTLI_BOOL is_good = BrotliEncoderCompressStream(state_.get(), operation, &left,
                                                              &next_in, &room, &next_out, nullptr);
      out.resize(before + kBlock - room);
      if (is_good == BROTLI_FALSE) throw std::bad_alloc();  // nothing else can fail here
    } while (left > 0 || BrotliEncoderHasMoreOutput(state_.get()) == BROTLI_TRUE);
  }

  void begin() {
    state_.reset(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr));
    if (!state_) throw std::bad_alloc();
    BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_QUALITY, kQuality);
  }

  std::unique_ptr<BrotliEncoderState, DestroyEncoder> state_;
};

}  // namespace

std::unique_ptr<EncodingStage> make_brotli_encoding() {
  return std::make_unique<BrotliEncoding>();
}

}  // namespace rondo::proto
