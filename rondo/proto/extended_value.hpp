#pragma once
// Values of parameters in characters beyond ASCII: name*=UTF-8'en'%e2%82%ac (RFC 8187).

#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

/// The text that `value` stands for, in UTF-8. Nothing if it is malformed, or if its charset is not
/// known (see charset.hpp; RFC 8187 §3.2.1 itself knows UTF-8 only) or does not fit the bytes of
/// UTF-8 that it announces. The language tag is passed over.
[[nodiscard]] std::optional<std::string> decode_extended_value(std::string_view value);

/// `text`, which is UTF-8, as such a value.
[[nodiscard]] std::string encode_extended_value(std::string_view text);

}  // namespace rondo::proto
