#pragma once
// The framing of a chunked body that is sent (RFC 9112 §7.1). The data itself is never copied: it
// goes out between these.
//
//   ChunkHeader header(data.size());
//   write(header.text()), write(data), write(kChunkEnd);  // for each piece
//   write(kLastChunk);

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_request.hpp"

namespace rondo::proto {

/// What follows the data of a chunk.
inline constexpr std::string_view kChunkEnd = "\r\n";

/// What ends a body that has no trailers.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// The line in front of the data of a chunk.
class ChunkHeader {
 public:
  /// `size` is that of the data. Of 0 the text is empty: a chunk without data would end the body,
  /// so an empty piece is not sent at all, and its `kChunkEnd` neither.
  explicit ChunkHeader(std::uint64_t size) noexcept;

  /// Lives as long as this object.
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 18> text_{};  // 16 digits, CRLF
  std::size_t size_ = 0;
};

/// Appends the last chunk with `trailers` to `out`; refuses invalid names and values and leaves
/// `out` as it was. Without trailers this is `kLastChunk`.
[[nodiscard]] std::optional<RequestError> append_last_chunk(const HeaderMap& trailers,
                                                            std::string& out);

}  // namespace rondo::proto
