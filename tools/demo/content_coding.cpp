// Each library gets the whole text at once, and room for the worst case.

#include "tools/demo/content_coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <stdexcept>

namespace rondo::demo {
namespace {

constexpr int kGzipFormat = 15 + 16;
constexpr int kZlibFormat = 15;

[[noreturn]] void fail(const char* library) {
  throw std::runtime_error(std::string(library) + " cannot encode");
}

std::string encode_by_zlib(std::string_view text, int format) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    fail("zlib");
  }
  std::string coded(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(coded.data());
  stream.avail_out = static_cast<uInt>(coded.size());
  const int result = deflate(&stream, Z_FINISH);
  coded.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) fail("zlib");
  return coded;
}

std::string encode_by_brotli(std::string_view text) {
  constexpr int kQuality = 4;
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
  std::string coded(size, '\0');
  const auto* input = reinterpret_cast<const std::uint8_t*>(text.data());
  auto* output = reinterpret_cast<std::uint8_t*>(coded.data());
  if (BrotliEncoderCompress(kQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(), input,
                            &size, output) == BROTLI_FALSE) {
    fail("brotli");
  }
  coded.resize(size);
  return coded;
}

std::string encode_by_zstd(std::string_view text) {
  std::string coded(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compress(coded.data(), coded.size(), text.data(), text.size(), ZSTD_CLEVEL_DEFAULT);
  if (ZSTD_isError(size) != 0) fail("zstd");
  coded.resize(size);
  return coded;
}

}  // namespace

Encoder encoder_for(std::string_view coding) {
  if (coding == "gzip") return [](auto text) { return encode_by_zlib(text, kGzipFormat); };
  if (coding == "deflate") return [](auto text) { return encode_by_zlib(text, kZlibFormat); };
  if (coding == "br") return encode_by_brotli;
  if (coding == "zstd") return encode_by_zstd;
  return {};
}

}  // namespace rondo::demo
