// What cannot be sent is refused here, so that no message about a header ever has to speak of it.

#include "rondo/http/auth.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "rondo/proto/basic_auth.hpp"

namespace rondo::http {
namespace {

/// RFC 6750 §2.1: one word of visible characters.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

std::string AuthOption::authorization() const {
  if (scheme_ == Scheme::bearer) {
    if (!is_token(first_)) throw std::invalid_argument("the bearer token cannot be sent");
    return "Bearer " + std::string(first_);
  }
  auto value = proto::basic_auth(first_, second_);
  if (!value) {
    throw std::invalid_argument("the credentials cannot be sent: " +
                                std::string(proto::describe(value.error())));
  }
  return std::move(value).value();
}

}  // namespace rondo::http
