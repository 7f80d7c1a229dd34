// The scheme is one line of RFC 7617; what is decided here is which credentials it can carry.

#include "rondo/proto/basic_auth.hpp"

#include <algorithm>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/base64.hpp"

namespace rondo::proto {
namespace {

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), ascii::is_control);
}

}  // namespace

Result<std::string, BasicAuthError> basic_auth(std::string_view user, std::string_view password) {
  if (user.find(':') != std::string_view::npos) return Failure{BasicAuthError::colon_in_user};
  if (has_control_character(user) || has_control_character(password)) {
    return Failure{BasicAuthError::control_character};
  }
  std::string credentials;
  credentials.reserve(user.size() + 1 + password.size());
  credentials.append(user).append(":").append(password);
  return "Basic " + base64_encode(credentials);
}

std::string_view describe(BasicAuthError error) noexcept {
  switch (error) {
    case BasicAuthError::colon_in_user:
      return "the user name of Basic authentication has a colon in it";
    case BasicAuthError::control_character:
      return "the credentials have a control character in them";
  }
  return "";
}

}  // namespace rondo::proto
