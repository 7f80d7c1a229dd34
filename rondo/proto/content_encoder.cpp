// zlib at its default level writes both codings; they differ in what is around the compressed data.

#include "rondo/proto/content_encoder.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

constexpr int kWindowBits = 15;
constexpr int kGzipWrapper = 16;
constexpr int kMemoryLevel = 8;
constexpr std::size_t kBlock = std::size_t{16} * 1024;

}  // namespace

struct ContentEncoder::Deflate {
  explicit Deflate(int window_bits) {
    const int result = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits,
                                    kMemoryLevel, Z_DEFAULT_STRATEGY);
    if (result != Z_OK) throw std::bad_alloc();
  }
  Deflate(const Deflate&) = delete;
  Deflate& operator=(const Deflate&) = delete;
  ~Deflate() { deflateEnd(&stream); }

  void run(std::string_view data, int flush, std::string& out) {
    do {
      const std::size_t count =
          std::min<std::size_t>(data.size(), std::numeric_limits<uInt>::max());
      // zlib does not write to its input.
      stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));  // NOLINT
      stream.avail_in = static_cast<uInt>(count);
      data.remove_prefix(count);
      write_all(data.empty() ? flush : Z_NO_FLUSH, out);
    } while (!data.empty());
  }

  void write_all(int flush, std::string& out) {
    do {
      const std::size_t before = out.size();
      out.resize(before + kBlock);
      stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);  // NOLINT
      stream.avail_out = static_cast<uInt>(kBlock);
      deflate(&stream, flush);
      out.resize(before + kBlock - stream.avail_out);
    } while (stream.avail_out == 0);
  }

  z_stream stream{};
};

ContentEncoder::ContentEncoder(std::unique_ptr<Deflate> deflate) noexcept
    : deflate_(std::move(deflate)) {}
ContentEncoder::ContentEncoder(ContentEncoder&&) noexcept = default;
ContentEncoder& ContentEncoder::operator=(ContentEncoder&&) noexcept = default;
ContentEncoder::~ContentEncoder() = default;

std::optional<ContentEncoder> ContentEncoder::make(std::string_view coding) {
  int window_bits = kWindowBits;
  if (ascii::equal_ignoring_case(coding, "gzip")) {
    window_bits += kGzipWrapper;
  } else if (!ascii::equal_ignoring_case(coding, "deflate")) {
    return std::nullopt;
  }
  return ContentEncoder(std::make_unique<Deflate>(window_bits));
}

void ContentEncoder::encode(std::string_view data, std::string& out) {
  if (!data.empty()) deflate_->run(data, Z_NO_FLUSH, out);
}

void ContentEncoder::finish(std::string& out) {
  deflate_->run({}, Z_FINISH, out);
  deflateReset(&deflate_->stream);
}

}  // namespace rondo::proto
