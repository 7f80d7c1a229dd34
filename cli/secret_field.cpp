// Beside the fields of RFC 9110 and RFC 6265 those that services commonly want their keys in.

#include "cli/secret_field.hpp"

#include <algorithm>
#include <array>

#include "rondo/base/ascii.hpp"

#include "cli/url_text.hpp"

namespace rondo::cli {

bool is_secret_field(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 8> kSecret = {
      "Authorization", "Proxy-Authorization", "Cookie",       "Set-Cookie",
      "X-Api-Key",     "X-Auth-Token",        "X-Csrf-Token", "X-Amz-Security-Token"};
  return std::any_of(kSecret.begin(), kSecret.end(), [&](std::string_view secret) {
    return ascii::equal_ignoring_case(secret, name);
  });
}

std::string shown_field_value(std::string_view name, std::string_view value) {
  if (is_secret_field(name)) return std::string(kHidden);
  if (ascii::equal_ignoring_case(name, "Location")) return without_credentials(value);
  return std::string(value);
}

}  // namespace rondo::cli
