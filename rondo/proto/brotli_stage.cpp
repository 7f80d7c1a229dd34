// Google's Brotli decoder. It writes what it has whenever its input runs out, so a server that
// flushes is read without delay. A coding of several streams does not exist here: bytes behind the
// end are damage.

#include <brotli/decode.h>

#include <new>

#include "rondo/proto/decoding_stage.hpp"

namespace rondo::proto {
namespace {

struct DestroyDecoder {
  void operator()(BrotliDecoderState* state) const noexcept { BrotliDecoderDestroyInstance(state); }
};

bool is_out_of_memory(BrotliDecoderErrorCode code) {
  return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
         code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
}

class BrotliStage final : public DecodingStage {
 public:
  Step run(std::string_view& in, std::span<char> out) override {
    if (phase_ == Phase::ended || (phase_ == Phase::idle && in.empty())) return {0, !in.empty()};
    begin();
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    auto* next_out = reinterpret_cast<std::uint8_t*>(out.data());
    std::size_t left = in.size();
    std::size_t room = out.size();
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(state_.get(), &left, &next_in, &room, &next_out, nullptr);
    in.remove_prefix(in.size() - left);
    const std::size_t written = out.size() - room;
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      if (is_out_of_memory(BrotliDecoderGetErrorCode(state_.get()))) throw std::bad_alloc();
      return {written, true};
    }
    if (result != BROTLI_DECODER_RESULT_SUCCESS) return {written};
    phase_ = Phase::ended;
    return {written, !in.empty()};
  }

  [[nodiscard]] bool is_complete() const noexcept override { return phase_ != Phase::inside; }

 private:
  enum class Phase { idle, inside, ended };

  void begin() {
    if (phase_ == Phase::inside) return;
    state_.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
    if (!state_) throw std::bad_alloc();
    phase_ = Phase::inside;
  }

  std::unique_ptr<BrotliDecoderState, DestroyDecoder> state_;
  Phase phase_ = Phase::idle;
};

}  // namespace

std::unique_ptr<DecodingStage> make_brotli_stage() {
  return std::make_unique<BrotliStage>();
}

}  // namespace rondo::proto
