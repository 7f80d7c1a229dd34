#pragma once
// A URL for people.

#include <string>
#include <string_view>

namespace rondo::cli {

/// `url` as the input has it, right or wrong, without the user name and password that may be in it.
[[nodiscard]] std::string without_credentials(std::string_view url);

}  // namespace rondo::cli
