#pragma once
// The dates of the Expires attribute, as loose as they have always been (RFC 6265 §5.1.1).

#include <chrono>
#include <optional>
#include <string_view>

namespace rondo::proto {

/// The moment that `text` names, taken for UTC; nothing if a part is missing, out of range, or the
/// day does not exist. Years from 1601 to 9999; two digits mean 1970 to 2069.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_cookie_date(std::string_view text);

}  // namespace rondo::proto
