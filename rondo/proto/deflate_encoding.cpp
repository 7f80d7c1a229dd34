// zlib at its default level writes both codings; they differ in what is around the compressed data.

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "rondo/proto/encoding_stage.hpp"

namespace rondo::proto {
namespace {

constexpr int kWindowBits = 15;
constexpr int kGzipWrapper = 16;
constexpr int kMemoryLevel = 8;

class DeflateEncoding final : public EncodingStage {
 public:
  explicit DeflateEncoding(int window_bits) {
    const int result = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits,
                                    kMemoryLevel, Z_DEFAULT_STRATEGY);
    if (result != Z_OK) throw std::bad_alloc();
  }
  DeflateEncoding(const DeflateEncoding&) = delete;
  DeflateEncoding& operator=(const DeflateEncoding&) = delete;
  ~DeflateEncoding() override { deflateEnd(&stream_); }

  void encode(std::string_view data, std::string& out) override { run(data, Z_NO_FLUSH, out); }

  void finish(std::string& out) override {
    run({}, Z_FINISH, out);
    deflateReset(&stream_);
  }

 private:
  void run(std::string_view data, int flush, std::string& out) {
    do {
      const std::size_t count =
          std::min<std::size_t>(data.size(), std::numeric_limits<uInt>::max());
      // zlib does not write to its input.
      stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));  // NOLINT
      stream_.avail_in = static_cast<uInt>(count);
      data.remove_prefix(count);
      write_all(data.empty() ? flush : Z_NO_FLUSH, out);
    } while (!data.empty());
  }

  void write_all(int flush, std::string& out) {
    do {
      const std::size_t before = out.size();
      out.resize(before + kBlock);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);  // NOLINT
      stream_.avail_out = static_cast<uInt>(kBlock);
      deflate(&stream_, flush);
      out.resize(before + kBlock - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
};

}  // namespace

std::unique_ptr<EncodingStage> make_gzip_encoding() {
  return std::make_unique<DeflateEncoding>(kWindowBits + kGzipWrapper);
}

std::unique_ptr<EncodingStage> make_deflate_encoding() {
  return std::make_unique<DeflateEncoding>(kWindowBits);
}

}  // namespace rondo::proto
