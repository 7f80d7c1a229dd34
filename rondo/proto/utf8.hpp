#pragma once
// UTF-8, decoded as the Encoding Standard (§8.1.1) does it: no surrogates, nothing overlong,
// nothing above U+10FFFF.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::proto {

/// The bytes at the front of a text that stand for one code point.
struct Utf8Sequence {
  std::size_t length = 0;
  /// False: these bytes are no character, and a decoder puts one U+FFFD in their place.
  bool valid = false;
};

/// The first sequence of `text`, which is not empty.
[[nodiscard]] Utf8Sequence first_utf8_sequence(std::string_view text) noexcept;

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// The code point of `sequence`, one valid sequence.
[[nodiscard]] std::uint32_t code_point_of(std::string_view sequence) noexcept;

/// Whether a character beyond ASCII (`sequence`, one valid sequence) is not seen but changes what
/// is: C1 controls, which some terminals obey, line separators, what turns or isolates the
/// direction of writing, and invisible annotations.
[[nodiscard]] bool steers_text(std::string_view sequence) noexcept;

/// Appends `text` to `out`, with U+FFFD for each part that is not UTF-8.
void append_valid_utf8(std::string_view text, std::string& out);

/// `text` with U+FFFD for each part that is not UTF-8. Valid text comes back without being copied.
[[nodiscard]] std::string to_valid_utf8(std::string text);

/// Each byte as the code point of its value (ISO-8859-1).
[[nodiscard]] std::string latin1_to_utf8(std::string_view bytes);

/// `bytes` unchanged if they are UTF-8, else read as ISO-8859-1: text of a header field, which has
/// no declared charset (RFC 9110 §5.5).
[[nodiscard]] std::string utf8_or_latin1(std::string_view bytes);

}  // namespace rondo::proto
