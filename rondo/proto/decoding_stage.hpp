#pragma once
// One content coding being undone: the interface that ContentDecoder chains, and its three
// implementations, each around one library.

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace rondo::proto {

/// A decoder for one coding. It sets itself up when the first byte arrives.
class DecodingStage {
 public:
  struct Step {
    std::size_t written = 0;
    bool damaged = false;
  };

  DecodingStage() = default;
  DecodingStage(const DecodingStage&) = delete;
  DecodingStage& operator=(const DecodingStage&) = delete;
  virtual ~DecodingStage() = default;

  /// Takes bytes from the front of `in` and writes to the front of `out`, until `out` is full or
  /// all of `in` has been taken and all that follows from it has been written. Not called again
  /// after damage. `out` is not empty.
  virtual Step run(std::string_view& in, std::span<char> out) = 0;

  /// Whether the input may end here.
  [[nodiscard]] virtual bool is_complete() const noexcept = 0;
};

/// gzip (RFC 1952), one member or several.
[[nodiscard]] std::unique_ptr<DecodingStage> make_gzip_stage();
/// zlib (RFC 1950) or bare deflate (RFC 1951), told apart by the first two bytes.
[[nodiscard]] std::unique_ptr<DecodingStage> make_deflate_stage();
/// Brotli (RFC 7932).
[[nodiscard]] std::unique_ptr<DecodingStage> make_brotli_stage();
/// Zstandard (RFC 8878), one frame or several, with windows of at most 8 MiB.
[[nodiscard]] std::unique_ptr<DecodingStage> make_zstd_stage();

}  // namespace rondo::proto
