#pragma once
// Formatted text at the end of what is being written.

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>

namespace rondo::cli {

template <class... Args>
void append(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

}  // namespace rondo::cli
