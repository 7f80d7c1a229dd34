#pragma once
// Base64 with the standard alphabet (RFC 4648 §4).

#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

/// `bytes` in base64, padded, without line breaks.
[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// The bytes that `text` stands for, or nothing if it is not exactly what an encoder writes: a
/// foreign character, white space, missing or superfluous padding, or bits set behind the last byte
/// (RFC 4648 §3.5).
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace rondo::proto
