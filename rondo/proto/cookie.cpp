// The parser follows the RFC step by step: the pair up to the first semicolon, then attributes, of
// which the last of each name counts. It knows no invalid attribute, only ones that say nothing.

#include "rondo/proto/cookie.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/cookie_date.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

using std::chrono::sys_seconds;

// An expiry that lies behind any clock.
constexpr sys_seconds kLongAgo = sys_seconds::min();

struct Pair {
  std::string_view name;
  std::string_view value;
  bool has_equals = false;
};

// Removes the text up to the next semicolon, and splits it at its first equals sign.
Pair take_pair(std::string_view& rest) {
  const std::string_view text = rest.substr(0, rest.find(';'));
  rest.remove_prefix(std::min(rest.size(), text.size() + 1));
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {ascii::trim(text), {}, false};
  return {ascii::trim(text.substr(0, equals)), ascii::trim(text.substr(equals + 1)), true};
}

// The lifetime in seconds; nothing if `text` is no number.
std::optional<std::chrono::seconds> read_max_age(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::chrono::seconds longest = kMaxCookieAge;
  std::int64_t age = 0;
  for (const char c : text) {
    if (!ascii::is_digit(c)) return std::nullopt;
    age = std::min<std::int64_t>(longest.count(), age * 10 + (c - '0'));
  }
  if (text.empty()) return std::nullopt;
  return std::chrono::seconds{negative ? 0 : age};
}

SameSite read_same_site(std::string_view text) {
  if (ascii::equal_ignoring_case(text, "none")) return SameSite::none;
  if (ascii::equal_ignoring_case(text, "lax")) return SameSite::lax;
  if (ascii::equal_ignoring_case(text, "strict")) return SameSite::strict;
  return SameSite::unspecified;
}

class AttributeReader {
 public:
  AttributeReader(SetCookie& cookie, std::chrono::system_clock::time_point now)
      : cookie_(cookie), now_(std::chrono::ceil<std::chrono::seconds>(now)) {}

  void read(const Pair& attribute) {
    const std::string_view value = attribute.value;
    if (value.size() > kMaxCookieAttributeSize) return;
    const auto is = [&](std::string_view name) {
      return ascii::equal_ignoring_case(attribute.name, name);
    };
    if (is("Expires")) {
      if (const auto date = parse_cookie_date(value)) expires_ = date;
    } else if (is("Max-Age")) {
      if (const auto age = read_max_age(value)) max_age_ = age;
    } else if (is("Domain")) {
      cookie_.domain = ascii::lowered(value.starts_with('.') ? value.substr(1) : value);
    } else if (is("Path")) {
      cookie_.path.reset();
      if (value.starts_with('/')) cookie_.path = value;
    } else if (is("Secure")) {
      cookie_.secure = true;
    } else if (is("HttpOnly")) {
      cookie_.http_only = true;
    } else if (is("SameSite")) {
      cookie_.same_site = read_same_site(value);
    }
  }

  void finish() {
    if (max_age_) {
      cookie_.expires = max_age_->count() > 0 ? now_ + *max_age_ : kLongAgo;
    } else if (expires_) {
      cookie_.expires = std::min<sys_seconds>(*expires_, now_ + kMaxCookieAge);
    }
  }

 private:
  SetCookie& cookie_;
  sys_seconds now_;
  std::optional<sys_seconds> expires_;
  std::optional<std::chrono::seconds> max_age_;
};

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return ascii::equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

}  // namespace

std::string_view describe(CookieRefusal refusal) noexcept {
  switch (refusal) {
    case CookieRefusal::control_character:
      return "the cookie has a control character in it";
    case CookieRefusal::empty:
      return "the cookie has neither a name nor a value";
    case CookieRefusal::too_long:
      return "the cookie is too long";
    case CookieRefusal::foreign_domain:
      return "the cookie is for a domain that its host does not belong to";
    case CookieRefusal::public_suffix:
      return "the cookie is for a public suffix";
    case CookieRefusal::insecure_origin:
      return "the cookie is Secure and its origin is not";
    case CookieRefusal::broken_prefix:
      return "the cookie does not keep what the prefix of its name promises";
    case CookieRefusal::hides_secure_cookie:
      return "the cookie would hide a Secure one, and its origin is not secure";
  }
  return "";
}

Result<SetCookie, CookieRefusal> parse_set_cookie(std::string_view field,
                                                  std::chrono::system_clock::time_point now) {
  if (!is_field_value(field)) return Failure{CookieRefusal::control_character};
  Pair pair = take_pair(field);
  // Without an equals sign there is only a value.
  if (!pair.has_equals) std::swap(pair.name, pair.value);
  if (pair.name.empty() && pair.value.empty()) return Failure{CookieRefusal::empty};
  if (pair.name.size() + pair.value.size() > kMaxCookieSize) {
    return Failure{CookieRefusal::too_long};
  }
  SetCookie cookie;
  cookie.name = pair.name;
  cookie.value = pair.value;
  AttributeReader reader(cookie, now);
  while (!field.empty()) reader.read(take_pair(field));
  reader.finish();
  return cookie;
}

bool Cookie::is_expired(std::chrono::system_clock::time_point now) const noexcept {
  return expires && *expires <= std::chrono::floor<std::chrono::seconds>(now);
}

bool domain_matches(std::string_view host, std::string_view domain) noexcept {
  if (host.size() <= domain.size()) return host == domain;
  return !domain.empty() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.';
}

bool path_matches(std::string_view request_path, std::string_view cookie_path) noexcept {
  if (!request_path.starts_with(cookie_path)) return false;
  return request_path.size() == cookie_path.size() || cookie_path.ends_with('/') ||
         request_path[cookie_path.size()] == '/';
}

std::string_view default_cookie_path(std::string_view request_path) noexcept {
  const std::size_t slash = request_path.rfind('/');
  if (!request_path.starts_with('/') || slash == 0) return "/";
  return request_path.substr(0, slash);
}

bool keeps_prefix_promise(const Cookie& cookie, bool names_path) noexcept {
  constexpr std::string_view kSecure = "__Secure-";
  constexpr std::string_view kHost = "__Host-";
  if (cookie.name.empty()) {
    return !starts_with_ignoring_case(cookie.value, kSecure) &&
           !starts_with_ignoring_case(cookie.value, kHost);
  }
  if (starts_with_ignoring_case(cookie.name, kSecure)) return cookie.secure;
  if (!starts_with_ignoring_case(cookie.name, kHost)) return true;
  return cookie.secure && cookie.host_only && names_path && cookie.path == "/";
}

}  // namespace rondo::proto
