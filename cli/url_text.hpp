#pragma once
// Parts of a URL as the input has it, right or wrong: nobody has parsed it yet.

#include <string>
#include <string_view>

namespace rondo::cli {

/// The host with its port, as it is written: "example.org:8080". Two spellings of one host are two
/// here. Empty where there is no "://".
[[nodiscard]] std::string_view host_of(std::string_view url) noexcept;

/// `url` without the user name and password that may be in it.
[[nodiscard]] std::string without_credentials(std::string_view url);

}  // namespace rondo::cli
