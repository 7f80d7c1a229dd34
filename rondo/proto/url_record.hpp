#pragma once
// A parsed URL as one string and the places where its parts meet: what `Url` holds, what the parser
// fills and what the setters take apart.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/url_scheme.hpp"

namespace rondo::proto {

/// What the host of a URL is (URL Standard §3.1). `none`: there is no "//" at all.
enum class HostKind : std::uint8_t { none, empty, domain, ipv4, ipv6, opaque };

/// The parts of a URL as views, each without its delimiters; `query` and `fragment` are there,
/// empty or not, if their delimiter is.
struct UrlParts {
  std::string_view scheme;
  std::string_view username;
  std::string_view password;
  HostKind host_kind = HostKind::none;
  std::string_view host;
  std::optional<std::uint16_t> port;
  bool opaque_path = false;
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

/// A serialised URL with its joints:
///
///     https://user:secret@example.org:8080/path?query#fragment
///          |      |       |          |    |    |     |
///   scheme_end    |   host_begin     |    |    |     fragment_begin
///           username_end       host_end   |    query_begin
///                                    path_begin
///
/// Without "//" the three marks of the authority all lie behind the colon. A path that begins with
/// "//" and has no host in front is written behind "/.", so that it is not taken for a host; the
/// path begins behind that mark.
struct UrlRecord {
  static constexpr std::size_t kAbsent = std::string::npos;

  std::string href;
  std::size_t scheme_end = 0;
  std::size_t username_end = 0;
  std::size_t host_begin = 0;
  std::size_t host_end = 0;
  std::size_t path_begin = 0;
  std::size_t query_begin = kAbsent;
  std::size_t fragment_begin = kAbsent;
  std::optional<std::uint16_t> port;
  SchemeKind scheme_kind = SchemeKind::other;
  HostKind host_kind = HostKind::none;
  bool opaque_path = false;

  [[nodiscard]] std::string_view scheme() const noexcept { return slice(0, scheme_end); }
  [[nodiscard]] std::string_view username() const noexcept {
    return slice(authority_begin(), username_end);
  }
  [[nodiscard]] std::string_view password() const noexcept;
  [[nodiscard]] std::string_view host() const noexcept { return slice(host_begin, host_end); }
  [[nodiscard]] std::string_view host_and_port() const noexcept {
    return slice(host_begin, authority_end());
  }
  [[nodiscard]] std::string_view path() const noexcept { return slice(path_begin, path_end()); }
  [[nodiscard]] std::optional<std::string_view> query() const noexcept;
  [[nodiscard]] std::optional<std::string_view> fragment() const noexcept;

  [[nodiscard]] bool has_credentials() const noexcept { return host_begin != authority_begin(); }
  /// A user name, a password and a port need a host to stand in front of or behind.
  [[nodiscard]] bool may_have_credentials_or_port() const noexcept {
    return host_end != host_begin && scheme_kind != SchemeKind::file;
  }

  /// Where the authority begins, behind "//".
  [[nodiscard]] std::size_t authority_begin() const noexcept {
    return scheme_end + (host_kind == HostKind::none ? 1 : 3);
  }
  /// Where it ends, in front of the path and of the "/." that may guard it.
  [[nodiscard]] std::size_t authority_end() const noexcept {
    return host_kind == HostKind::none ? host_end : path_begin;
  }
  [[nodiscard]] std::size_t path_end() const noexcept {
    return query_begin != kAbsent ? query_begin : query_end();
  }
  [[nodiscard]] std::size_t query_end() const noexcept {
    return fragment_begin != kAbsent ? fragment_begin : href.size();
  }

  /// Views into `href`.
  [[nodiscard]] UrlParts parts() const noexcept;

 private:
  [[nodiscard]] std::string_view slice(std::size_t begin, std::size_t end) const noexcept {
    return {href.data() + begin, end - begin};
  }
};

/// Puts a URL together (URL Standard §4.5) from parts that are as the parser leaves them.
[[nodiscard]] UrlRecord assemble(const UrlParts& parts);

/// Writes "/." in front of the path of `url`, which ends the string so far, if it needs that guard.
void guard_path(UrlRecord& url);

}  // namespace rondo::proto
