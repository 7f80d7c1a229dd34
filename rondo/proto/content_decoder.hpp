#pragma once
// Undoes the content codings of a message body (RFC 9110 §8.4).
//
//   auto decoder = ContentDecoder::make("gzip", {.max_bytes = 1 << 20});
//   for (std::string_view piece : pieces) {
//     Decoded step;
//     do {
//       step = decoder->decode(piece, buffer);
//       use(std::span(buffer).first(step.written));
//     } while (!step.error && step.written == buffer.size());
//   }
//   if (auto error = decoder->finish()) ...

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rondo/base/result.hpp"

namespace rondo::proto {

/// Why a body cannot be decoded.
enum class DecodeError {
  /// The bytes are not what the coding allows, a checksum is wrong, there are bytes behind the end,
  /// or a zstd window is larger than 8 MiB (RFC 9659).
  damaged,
  /// The body ends within the coding.
  truncated,
  /// The decoded body is larger than `DecodeLimits` allow.
  too_large,
  /// More than `ContentDecoder::kMaxCodings` codings on top of each other.
  too_many_codings
};

/// One line for people.
[[nodiscard]] std::string_view describe(DecodeError error) noexcept;

/// What a decompression bomb runs into.
struct DecodeLimits {
  static constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();

  /// Decoded bytes; exactly as many are fine.
  std::uint64_t max_bytes = kNone;
  /// Decoded bytes for each coded one; 0 is no limit. Counts once a body has 1 MiB, since short
  /// bodies may well be that repetitive.
  std::uint32_t max_ratio = 0;
};

/// What a request offers in Accept-Encoding: every coding that `ContentDecoder` undoes.
inline constexpr std::string_view kAcceptEncoding = "gzip, deflate, br, zstd";

/// What one call of `ContentDecoder::decode` did.
struct Decoded {
  /// Bytes at the front of the output; valid together with an error, too.
  std::size_t written = 0;
  std::optional<DecodeError> error;
};

/// A chain of decoders, fed and drained in pieces of any size. Its memory does not depend on the
/// body's size: at most a window for each coding (32 KiB gzip and deflate, 16 MiB br, 8 MiB zstd)
/// and 16 KiB between two. Nothing is allocated for a body without bytes. One thread at a time; a
/// moved-from decoder may only be destroyed or assigned to.
///
/// gzip may have several members, zstd several frames. deflate is the zlib format or, as many
/// servers have it, bare deflate. A body without any bytes is complete in every coding: it belongs
/// to HEAD, 204, 304 or Content-Length 0.
class ContentDecoder {
 public:
  static constexpr std::size_t kMaxCodings = 4;

  /// A decoder for all Content-Encoding fields of a message, joined by commas; no field is an empty
  /// text. If one of the codings is unknown, nothing is decoded and `is_identity()` is true: what
  /// arrives is handed on with its Content-Encoding, as aiohttp does. The only error is
  /// `too_many_codings`.
  [[nodiscard]] static Result<ContentDecoder, DecodeError> make(std::string_view content_encoding,
                                                                DecodeLimits limits = {});

  ContentDecoder(ContentDecoder&&) noexcept;
  ContentDecoder& operator=(ContentDecoder&&) noexcept;
  ~ContentDecoder();

  /// Whether bytes come out as they go in. `decode` then only copies and counts.
  [[nodiscard]] bool is_identity() const noexcept { return chain_ == nullptr; }

  /// Moves bytes from the front of `in`, which shrinks by what was taken, to the front of `out`,
  /// which must not be empty. `out` filled to its end means: call again, with what is left of `in`
  /// (perhaps nothing). Anything less means: all of `in` has been taken, and all that follows from
  /// it has been written.
  ///
  /// With an error, `written` bytes are still right; for `too_large` these are exactly the first
  /// `max_bytes` of the body. The error stays: later calls repeat it. Throws `std::bad_alloc`.
  Decoded decode(std::string_view& in, std::span<char> out);

  /// Appends all that follows from `in` to `out`. For callers that want the whole body in memory:
  /// without a limit `out` grows as far as the body says.
  [[nodiscard]] std::optional<DecodeError> decode_all(std::string_view in, std::string& out);

  /// Says that the body has ended, after all of it has been taken: `truncated` if its coding has
  /// not, or the error that there was before.
  [[nodiscard]] std::optional<DecodeError> finish() const;

  /// Coded bytes taken and decoded bytes written so far.
  [[nodiscard]] std::uint64_t bytes_in() const noexcept { return bytes_in_; }
  [[nodiscard]] std::uint64_t bytes_out() const noexcept { return bytes_out_; }

 private:
  class Chain;

  ContentDecoder(std::unique_ptr<Chain> chain, DecodeLimits limits) noexcept;
  [[nodiscard]] bool exceeds_ratio() const noexcept;

  std::unique_ptr<Chain> chain_;
  DecodeLimits limits_;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::optional<DecodeError> failure_;
};

}  // namespace rondo::proto
