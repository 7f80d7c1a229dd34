// Each encoder is run with one piece of input; a buffer that is large enough for any of them saves
// the loop.

#include "coded_bodies.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <stdexcept>

namespace rondo::proto {
namespace {

std::string buffer_for(std::string_view body) {
  return std::string(body.size() + body.size() / 8 + 1024, '\0');
}

void require(bool succeeded) {
  if (!succeeded) throw std::runtime_error("an encoder failed");
}

std::string deflated(std::string_view body, int level, int window_bits, int flush) {
  z_stream stream{};
  require(deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out = buffer_for(body);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  require(deflate(&stream, flush) == (flush == Z_FINISH ? Z_STREAM_END : Z_OK));
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string brotlied(std::string_view body, BrotliEncoderOperation operation) {
  const std::unique_ptr<BrotliEncoderState, decltype(&BrotliEncoderDestroyInstance)> state(
      BrotliEncoderCreateInstance(nullptr, nullptr, nullptr), BrotliEncoderDestroyInstance);
  BrotliEncoderSetParameter(state.get(), BROTLI_PARAM_QUALITY, 5);
  std::string out = buffer_for(body);
  const auto* next_in = reinterpret_cast<const std::uint8_t*>(body.data());
  auto* next_out = reinterpret_cast<std::uint8_t*>(out.data());
  std::size_t left = body.size();
  std::size_t room = out.size();
  require(BrotliEncoderCompressStream(state.get(), operation, &left, &next_in, &room, &next_out,
                                      nullptr) == BROTLI_TRUE);
  require(left == 0 && BrotliEncoderHasMoreOutput(state.get()) == BROTLI_FALSE);
  out.resize(out.size() - room);
  return out;
}

std::string zstded(std::string_view body, int window_log, ZSTD_EndDirective directive) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window_log);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  std::string out = buffer_for(body);
  // Given all at once, the encoder would shrink the window to the body.
  ZSTD_inBuffer input{body.data(), body.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  require(ZSTD_isError(ZSTD_compressStream2(context.get(), &output, &input, ZSTD_e_continue)) == 0);
  require(ZSTD_compressStream2(context.get(), &output, &input, directive) == 0);
  out.resize(output.pos);
  return out;
}

}  // namespace

std::string gzip(std::string_view body) {
  return deflated(body, 6, MAX_WBITS + 16, Z_FINISH);
}

std::string zlib(std::string_view body, int level) {
  return deflated(body, level, MAX_WBITS, Z_FINISH);
}

std::string bare_deflate(std::string_view body, int level) {
  return deflated(body, level, -MAX_WBITS, Z_FINISH);
}

std::string brotli(std::string_view body) {
  return brotlied(body, BROTLI_OPERATION_FINISH);
}

std::string zstd(std::string_view body, int window_log) {
  return zstded(body, window_log, ZSTD_e_end);
}

std::string flushed(std::string_view coding, std::string_view body) {
  if (coding == "gzip") return deflated(body, 6, MAX_WBITS + 16, Z_SYNC_FLUSH);
  if (coding == "deflate") return deflated(body, 6, MAX_WBITS, Z_SYNC_FLUSH);
  if (coding == "br") return brotlied(body, BROTLI_OPERATION_FLUSH);
  return zstded(body, 20, ZSTD_e_flush);
}

}  // namespace rondo::proto
