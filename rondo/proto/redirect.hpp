#pragma once
// What a client does about a redirect (RFC 9110 §15.4).

#include <optional>
#include <string>
#include <string_view>

#include "rondo/base/result.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/url.hpp"

namespace rondo::proto {

/// Why a redirect cannot be followed.
enum class RedirectError {
  /// As many have been followed as are allowed.
  too_many,
  /// Location is no URL.
  invalid_location,
  /// There are several Location fields, and they differ.
  ambiguous_location,
  /// Location is neither `http` nor `https`.
  unfollowable_scheme,
  /// The method and its body are to be sent again, and the body is gone.
  body_not_replayable
};

/// One line for people.
[[nodiscard]] std::string_view describe(RedirectError error) noexcept;

/// Whether a response with that status is a redirect that can be followed, if it has a Location.
[[nodiscard]] constexpr bool is_redirect(int status) noexcept {
  return status >= 301 && status <= 308 && (status <= 303 || status >= 307);
}

/// A request and what the server said to it. Views and references; used during one call.
struct RedirectContext {
  std::string_view method;
  const Url& url;
  int status = 0;
  /// The first Location field.
  std::optional<std::string_view> location = {};
  /// Whether another Location field says something else. It is one of those that a header injection
  /// adds, so nobody can tell which is the server's.
  bool has_other_location = false;
  /// False: there is a body, and it cannot be sent again from its start.
  bool body_replayable = true;
  /// Redirects followed so far, and how many may be. 0: a redirect is a response like any other.
  unsigned followed = 0;
  unsigned limit = 10;
};

/// The request that follows a redirect.
struct NextHop {
  Url url;
  std::string method;
  /// Send no body, and none of the fields for which `belongs_to_body` is true.
  bool drop_body = false;
  /// Another origin: send none of the fields for which `belongs_to_origin` is true, and no
  /// credentials of the request before.
  bool strip_credentials = false;
};

/// The next request; nothing if the response is the result: its status is not 301, 302, 303, 307 or
/// 308, it has no Location, or `limit` is 0.
///
/// 301 and 302 turn POST into GET, 303 turns all but HEAD into GET; 303 drops the body always. 307
/// and 308 keep both. Location is relative to the URL, and inherits its fragment if it has none
/// (RFC 9110 §10.2.2). Another scheme, host or port is another origin.
[[nodiscard]] Result<std::optional<NextHop>, RedirectError> next_hop(
    const RedirectContext& context);

/// Whether there are several Location fields, and they differ.
[[nodiscard]] bool has_ambiguous_location(const HeaderMap& headers);

/// Whether a field describes a body and goes with it: Content-*, Transfer-Encoding, Trailer,
/// Expect.
[[nodiscard]] bool belongs_to_body(std::string_view field_name) noexcept;

/// Whether a field is meant for one origin: Authorization, Cookie, Proxy-Authorization, Host.
[[nodiscard]] bool belongs_to_origin(std::string_view field_name) noexcept;

}  // namespace rondo::proto
