// One line at a time, in both directions. The value is the last field and takes the rest of its
// line.

#include "rondo/proto/netscape_cookies.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/text_lines.hpp"

namespace rondo::proto {
namespace {

using std::chrono::sys_seconds;

constexpr std::string_view kHttpOnly = "#HttpOnly_";
constexpr std::size_t kFields = 7;

// The fields of a line; the value may be missing.
std::optional<std::array<std::string_view, kFields>> split(std::string_view line) {
  std::array<std::string_view, kFields> fields;
  std::size_t count = 0;
  while (count + 1 < kFields) {
    const std::size_t tab = line.find('\t');
    fields[count++] = line.substr(0, tab);
    if (tab == std::string_view::npos) break;
    line.remove_prefix(tab + 1);
    if (count + 1 == kFields) fields[count] = line;
  }
  if (count + 1 < kFields) return std::nullopt;
  return fields;
}

std::optional<bool> read_flag(std::string_view text) {
  if (ascii::equal_ignoring_case(text, "TRUE")) return true;
  if (ascii::equal_ignoring_case(text, "FALSE")) return false;
  return std::nullopt;
}

// Seconds of Unix time; as late as can be if there are too many.
std::optional<std::int64_t> read_expiry(std::string_view text) {
  std::int64_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (text.empty()) return 0;
  if (stop != end || error == std::errc::invalid_argument || text.starts_with('-')) {
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) return std::numeric_limits<std::int64_t>::max();
  return seconds;
}

std::optional<Cookie> read_cookie(std::string_view line) {
  Cookie cookie;
  if (line.starts_with(kHttpOnly)) {
    cookie.http_only = true;
    line.remove_prefix(kHttpOnly.size());
  }
  const auto fields = split(line);
  if (!fields) return std::nullopt;
  const auto& [domain, subdomains, path, secure, expiry, name, value] = *fields;
  const std::optional<bool> shared = read_flag(subdomains);
  const std::optional<bool> is_secure = read_flag(secure);
  const std::optional<std::int64_t> expires = read_expiry(expiry);
  if (!shared || !is_secure || !expires || !path.starts_with('/')) return std::nullopt;
  cookie.domain = ascii::lowered(domain.starts_with('.') ? domain.substr(1) : domain);
  if (cookie.domain.empty() || (name.empty() && value.empty())) return std::nullopt;
  if (!is_field_value(line)) return std::nullopt;
  cookie.host_only = !*shared;
  cookie.path = path;
  cookie.secure = *is_secure;
  if (*expires != 0) cookie.expires = sys_seconds{std::chrono::seconds{*expires}};
  cookie.name = name;
  cookie.value = value;
  return cookie;
}

bool fits(const Cookie& cookie) {
  const auto is_plain = [](std::string_view text) {
    return is_field_value(text) && text.find('\t') == std::string_view::npos;
  };
  return is_plain(cookie.domain) && is_plain(cookie.path) && is_plain(cookie.name) &&
         is_field_value(cookie.value);
}

void append_line(const Cookie& cookie, std::string& out) {
  // Zero would mean the session.
  const std::int64_t expiry =
      cookie.expires ? std::max<std::int64_t>(1, cookie.expires->time_since_epoch().count()) : 0;
  if (cookie.http_only) out.append(kHttpOnly);
  if (!cookie.host_only) out.append(".");
  out.append(cookie.domain).append(cookie.host_only ? "\tFALSE\t" : "\tTRUE\t");
  out.append(cookie.path).append(cookie.secure ? "\tTRUE\t" : "\tFALSE\t");
  out.append(std::to_string(expiry)).append("\t");
  out.append(cookie.name).append("\t").append(cookie.value).append("\n");
}

}  // namespace

NetscapeCookies parse_netscape_cookies(std::string_view text) {
  NetscapeCookies result;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (ascii::trim(line).empty()) continue;
    if (line.starts_with('#') && !line.starts_with(kHttpOnly)) continue;
    if (auto cookie = read_cookie(line)) {
      result.cookies.push_back(*std::move(cookie));
    } else {
      ++result.skipped;
    }
  }
  return result;
}

std::string write_netscape_cookies(std::span<const Cookie> cookies) {
  std::string out = "# Netscape HTTP Cookie File\n";
  for (const Cookie& cookie : cookies) {
    if (fits(cookie)) append_line(cookie, out);
  }
  return out;
}

}  // namespace rondo::proto
