#pragma once
// One content coding being applied: the interface behind ContentEncoder, and its three
// implementations, each around one library.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rondo::proto {

/// An encoder for one coding.
class EncodingStage {
 public:
  /// By how much `out` grows at a time.
  static constexpr std::size_t kBlock = std::size_t{16} * 1024;

  EncodingStage() = default;
  EncodingStage(const EncodingStage&) = delete;
  EncodingStage& operator=(const EncodingStage&) = delete;
  virtual ~EncodingStage() = default;

  /// Takes all of `data`, which is not empty, and appends what is ready to `out`.
  virtual void encode(std::string_view data, std::string& out) = 0;

  /// Appends the rest; the next byte begins a new body.
  virtual void finish(std::string& out) = 0;
};

// Each throws `std::bad_alloc`.

/// gzip (RFC 1952).
[[nodiscard]] std::unique_ptr<EncodingStage> make_gzip_encoding();
/// deflate, in its zlib wrapper (RFC 1950).
[[nodiscard]] std::unique_ptr<EncodingStage> make_deflate_encoding();
/// Brotli (RFC 7932).
[[nodiscard]] std::unique_ptr<EncodingStage> make_brotli_encoding();
/// Zstandard (RFC 8878), in one frame with a window of 8 MiB at most (RFC 9659 §3).
[[nodiscard]] std::unique_ptr<EncodingStage> make_zstd_encoding();

}  // namespace rondo::proto
