// What is between "://" and the last '@' in front of the path; nobody knows yet whether it is a
// URL.

#include "cli/shown_url.hpp"

#include <algorithm>
#include <cstddef>

namespace rondo::cli {

std::string without_credentials(std::string_view url) {
  const std::size_t begin = url.find("://");
  if (begin == std::string_view::npos) return std::string(url);
  const std::size_t end = std::min(url.find_first_of("/?#\\", begin + 3), url.size());
  const std::size_t at = url.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < begin) return std::string(url);
  return std::string(url.substr(0, begin + 3)) + std::string(url.substr(at + 1));
}

}  // namespace rondo::cli
