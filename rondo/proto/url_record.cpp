// Parts are written in the order in which they stand in a URL, each one noting where it begins.

#include "rondo/proto/url_record.hpp"

namespace rondo::proto {
namespace {

void write_authority(const UrlParts& parts, UrlRecord& url) {
  const bool has_authority = parts.host_kind != HostKind::none;
  if (has_authority) url.href += "//";
  url.href += parts.username;
  url.username_end = url.href.size();
  if (!parts.password.empty()) (url.href += ':') += parts.password;
  if (!parts.username.empty() || !parts.password.empty()) url.href += '@';
  url.host_begin = url.href.size();
  url.href += parts.host;
  url.host_end = url.href.size();
  if (parts.port) (url.href += ':') += std::to_string(*parts.port);
}

}  // namespace

std::string_view UrlRecord::password() const noexcept {
  if (host_begin - username_end < 2) return {};
  return slice(username_end + 1, host_begin - 1);
}

std::optional<std::string_view> UrlRecord::query() const noexcept {
  if (query_begin == kAbsent) return std::nullopt;
  return slice(query_begin + 1, query_end());
}

std::optional<std::string_view> UrlRecord::fragment() const noexcept {
  if (fragment_begin == kAbsent) return std::nullopt;
  return slice(fragment_begin + 1, href.size());
}

UrlParts UrlRecord::parts() const noexcept {
  UrlParts parts;
  parts.scheme = scheme();
  parts.username = username();
  parts.password = password();
  parts.host_kind = host_kind;
  parts.host = host();
  parts.port = port;
  parts.opaque_path = opaque_path;
  parts.path = path();
  parts.query = query();
  parts.fragment = fragment();
  return parts;
}

UrlRecord assemble(const UrlParts& parts) {
  UrlRecord url;
  url.scheme_kind = scheme_kind(parts.scheme);
  url.host_kind = parts.host_kind;
  url.port = parts.port;
  url.opaque_path = parts.opaque_path;

  constexpr std::size_t kDelimiters = 16;
  url.href.reserve(parts.scheme.size() + parts.username.size() + parts.password.size() +
                   parts.host.size() + parts.path.size() + parts.query.value_or("").size() +
                   parts.fragment.value_or("").size() + kDelimiters);
  url.href += parts.scheme;
  url.scheme_end = url.href.size();
  url.href += ':';
  write_authority(parts, url);
  url.path_begin = url.href.size();
  url.href += parts.path;
  guard_path(url);
  if (parts.query) {
    url.query_begin = url.href.size();
    (url.href += '?') += *parts.query;
  }
  if (parts.fragment) {
    url.fragment_begin = url.href.size();
    (url.href += '#') += *parts.fragment;
  }
  return url;
}

void guard_path(UrlRecord& url) {
  if (url.host_kind != HostKind::none || !url.path().starts_with("//")) return;
  url.href.insert(url.path_begin, "/.");
  url.path_begin += 2;
}

}  // namespace rondo::proto
