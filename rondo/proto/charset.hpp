#pragma once
// Bytes in a named charset to UTF-8 text (Encoding Standard, "decode").

#include <string>
#include <string_view>

#include "rondo/base/result.hpp"

namespace rondo::proto {

/// Why bytes could not become text.
enum class CharsetError {
  /// The label names no charset that is known here; the caller may try another.
  unknown_label
};

/// `bytes` as UTF-8, read in the charset that `label` names, which is what a `charset` parameter
/// holds.
///
/// A byte order mark of UTF-8 or UTF-16 beats the label, and is removed. Labels are those of the
/// Encoding Standard and a few more that servers send, in any case, with white space around them
/// ignored; as there, `iso-8859-1`, `latin1` and `ascii` mean windows-1252. Bytes that stand for
/// nothing become U+FFFD, so only the label can be wrong. Valid UTF-8 without a mark comes back
/// without being copied. May be called by any thread.
[[nodiscard]] Result<std::string, CharsetError> decode_text(std::string bytes,
                                                            std::string_view label = "utf-8");

/// Whether `decode_text` knows `label`.
[[nodiscard]] bool is_known_charset(std::string_view label);

}  // namespace rondo::proto
