#pragma once
// The Basic authentication scheme (RFC 7617).

#include <string>
#include <string_view>

#include "rondo/base/result.hpp"

namespace rondo::proto {

/// Why a name and a password cannot be sent.
enum class BasicAuthError {
  /// The first colon ends the name, so a name cannot hold one (RFC 7617 §2).
  colon_in_user,
  /// A control character, which RFC 7617 §2 forbids in both.
  control_character
};

/// The value of `Authorization` or `Proxy-Authorization`. `user` and `password` are sent as the
/// bytes they are, which ought to be UTF-8; both may be empty.
[[nodiscard]] Result<std::string, BasicAuthError> basic_auth(std::string_view user,
                                                             std::string_view password);

/// One line for people, without the credentials.
[[nodiscard]] std::string_view describe(BasicAuthError error) noexcept;

}  // namespace rondo::proto
