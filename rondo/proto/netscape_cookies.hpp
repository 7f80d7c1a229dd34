#pragma once
// The text of a cookie file as Netscape, curl and Python's http.cookiejar write it: a line for each
// cookie, seven fields with tabs between them.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/cookie.hpp"

namespace rondo::proto {

/// What a cookie file holds.
struct NetscapeCookies {
  std::vector<Cookie> cookies;
  /// Lines that are neither a cookie, nor a comment, nor blank.
  std::size_t skipped = 0;
};

/// Reads domain, whether the names under it count, path, whether it is Secure, seconds of Unix time
/// until which it lives (0 or nothing: the session), name, and value, which may be missing. A
/// domain behind `#HttpOnly_` is that of an HttpOnly cookie; other lines with `#` are comments.
/// Lines may end with CR LF. Expired cookies are returned, too.
[[nodiscard]] NetscapeCookies parse_netscape_cookies(std::string_view text);

/// Writes a file that `parse_netscape_cookies`, curl and Python read. A cookie that has no
/// place in the format, with a tab in its name, domain or path or a line break anywhere, is left
/// out. SameSite is not part of the format.
[[nodiscard]] std::string write_netscape_cookies(std::span<const Cookie> cookies);

}  // namespace rondo::proto
