// The authority is what is between "://" and the path, the query or the fragment; credentials are
// what it has in front of its last '@'.

#include "cli/url_text.hpp"

#include <algorithm>
#include <cstddef>

#include "rondo/base/ascii.hpp"

namespace rondo::cli {
namespace {

constexpr std::string_view kFront = "://";

/// Where the authority begins; `npos`: there is none.
std::size_t begin_of(std::string_view url) noexcept {
  const std::size_t front = url.find(kFront);
  return front == std::string_view::npos ? front : front + kFront.size();
}

}  // namespace

std::string_view host_of(std::string_view url) noexcept {
  const std::size_t begin = begin_of(url);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = std::min(ascii::find_any<'/', '?', '#', '\\'>(url, begin), url.size());
  const std::string_view authority = url.substr(begin, end - begin);
  return authority.substr(authority.rfind('@') + 1);  // npos + 1 is 0
}

std::string without_credentials(std::string_view url) {
  const std::string_view host = host_of(url);
  if (host.data() == nullptr) return std::string(url);
  const std::size_t begin = begin_of(url);
  const auto host_begin = static_cast<std::size_t>(host.data() - url.data());
  return std::string(url.substr(0, begin)) + std::string(url.substr(host_begin));
}

}  // namespace rondo::cli
