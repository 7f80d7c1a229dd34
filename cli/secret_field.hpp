#pragma once
// Which header fields nobody but their server should see.

#include <string>
#include <string_view>

namespace rondo::cli {

/// What stands in the place of a secret.
inline constexpr std::string_view kHidden = "[hidden]";

/// Whether the field is one of credentials or cookies, by its name.
[[nodiscard]] bool is_secret_field(std::string_view name) noexcept;

/// The value of a field without secrets: `kHidden` for a secret field, and a Location without the
/// user name and password that may be in it.
[[nodiscard]] std::string shown_field_value(std::string_view name, std::string_view value);

}  // namespace rondo::cli
