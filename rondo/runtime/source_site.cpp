// Base names only: a build directory in a message helps nobody.

#include "rondo/runtime/source_site.hpp"

#include <fmt/format.h>

#include <string_view>

namespace rondo::detail {

std::string to_string(const std::source_location& site) {
  std::string_view file = site.file_name();
  if (const auto slash = file.rfind('/'); slash != std::string_view::npos) {
    file.remove_prefix(slash + 1);
  }
  return fmt::format("{}:{}", file, site.line());
}

}  // namespace rondo::detail
