// Sizes are written in lower-case hexadecimal without leading zeros.

#include "rondo/proto/http1_chunk.hpp"

#include <charconv>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {

ChunkHeader::ChunkHeader(std::uint64_t size) noexcept {
  if (size == 0) return;
  char* at = std::to_chars(text_.data(), text_.data() + text_.size(), size, 16).ptr;
  *at++ = '\r';
  *at++ = '\n';
  size_ = static_cast<std::size_t>(at - text_.data());
}

std::optional<RequestError> append_last_chunk(const HeaderMap& trailers, std::string& out) {
  std::string text = "0\r\n";
  for (std::size_t i = 0; i < trailers.size(); ++i) {
    const Field field = trailers[i];
    if (std::optional<RequestError> error = check_field_syntax(field, i)) return error;
    text.append(field.name).append(": ").append(ascii::trim(field.value)).append("\r\n");
  }
  out.append(text).append("\r\n");
  return std::nullopt;
}

}  // namespace rondo::proto
