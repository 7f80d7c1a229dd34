#pragma once
// Cookies as a client knows them (RFC 6265bis): what a Set-Cookie field says, what is kept of it,
// and where it applies.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/base/result.hpp"

namespace rondo::proto {

enum class SameSite { unspecified, none, lax, strict };

/// Name and value together, and one attribute's value, may be this long, in bytes.
inline constexpr std::size_t kMaxCookieSize = 4096;
inline constexpr std::size_t kMaxCookieAttributeSize = 1024;

/// No server can make a cookie live longer than this (RFC 6265bis §5.5).
inline constexpr std::chrono::days kMaxCookieAge{400};

/// Why a cookie was not taken.
enum class CookieRefusal {
  /// A control character in the field.
  control_character,
  /// Neither a name nor a value.
  empty,
  /// More than `kMaxCookieSize`.
  too_long,
  /// Its domain is not the host's, nor above it.
  foreign_domain,
  /// Its domain is one under which strangers live, such as "co.uk".
  public_suffix,
  /// Secure, but not from a secure origin.
  insecure_origin,
  /// A name that starts with `__Secure-` or `__Host-` without keeping what that promises.
  broken_prefix,
  /// It would hide a Secure cookie, and does not come from a secure origin.
  hides_secure_cookie
};

/// One line for people.
[[nodiscard]] std::string_view describe(CookieRefusal refusal) noexcept;

/// A Set-Cookie field on its own: not yet related to the URL that it came from.
struct SetCookie {
  std::string name = {};
  std::string value = {};
  /// From Max-Age or else Expires; nothing: until the session ends.
  std::optional<std::chrono::sys_seconds> expires = {};
  /// In lower case, without a leading dot; empty: none.
  std::string domain = {};
  /// Starts with a slash; nothing: the default of the URL.
  std::optional<std::string> path = {};
  bool secure = false;
  bool http_only = false;
  SameSite same_site = SameSite::unspecified;
};

/// Parses the value of one Set-Cookie field (RFC 6265bis §5.6). Quotes are part of the value. An
/// attribute that is unknown, malformed or too long is passed over. `now` is what Max-Age and the
/// limit on ages count from.
[[nodiscard]] Result<SetCookie, CookieRefusal> parse_set_cookie(
    std::string_view field, std::chrono::system_clock::time_point now);

/// A cookie in a jar or a file.
struct Cookie {
  std::string name = {};
  std::string value = {};
  /// In lower case, without a leading dot; a host name or an address as a URL has it.
  std::string domain = {};
  std::string path = "/";
  /// Nothing: until the session ends.
  std::optional<std::chrono::sys_seconds> expires = {};
  /// For `domain` alone; otherwise for the names under it, too.
  bool host_only = true;
  /// For secure origins only.
  bool secure = false;
  /// Not for scripts. Kept for those who read the jar; nothing here depends on it.
  bool http_only = false;
  /// Kept, but not enforced: a client without documents has no site that a request could be foreign
  /// to.
  SameSite same_site = SameSite::unspecified;

  [[nodiscard]] bool is_expired(std::chrono::system_clock::time_point now) const noexcept;

  friend bool operator==(const Cookie&, const Cookie&) = default;
};

/// Whether `host` is `domain` or a name under it; both in lower case. For an address only the
/// first can be true, which is for the caller to see to (RFC 6265bis §5.1.3).
[[nodiscard]] bool domain_matches(std::string_view host, std::string_view domain) noexcept;

/// Whether `request_path` is `cookie_path` or lies below it (RFC 6265bis §5.1.4).
[[nodiscard]] bool path_matches(std::string_view request_path,
                                std::string_view cookie_path) noexcept;

/// The path of a cookie that names none: the folder of `request_path` (RFC 6265bis §5.1.4).
[[nodiscard]] std::string_view default_cookie_path(std::string_view request_path) noexcept;

/// Whether a cookie keeps what its name promises: `__Secure-` that it is Secure, `__Host-` that it
/// is also for one host and all of its paths, and says so: `names_path` is whether it came with a
/// Path. Capitals do not matter, and a nameless cookie whose value starts like that keeps nothing
/// (RFC 6265bis §5.7).
[[nodiscard]] bool keeps_prefix_promise(const Cookie& cookie, bool names_path) noexcept;

}  // namespace rondo::proto
