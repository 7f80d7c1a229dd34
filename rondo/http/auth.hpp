#pragma once
// Who a request is made for: Basic (RFC 7617) and Bearer (RFC 6750) authentication.
//
//   session.get(url, {.auth = BasicAuth{"fred", password}});
//   ClientSession session({.base_url = "https://api.example/", .auth = BearerAuth{token}});

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace rondo::http {

/// Sent as the bytes they are, which ought to be UTF-8.
struct BasicAuth {
  std::string_view user;
  std::string_view password;
};

struct BearerAuth {
  std::string_view token;
};

/// What the option `auth` of a request takes; nothing by default. A view (docs/design.md §10).
class AuthOption {
 public:
  constexpr AuthOption() noexcept = default;
  constexpr AuthOption(const BasicAuth& auth) noexcept
      : scheme_(Scheme::basic), first_(auth.user), second_(auth.password) {}
  constexpr AuthOption(const BearerAuth& auth) noexcept
      : scheme_(Scheme::bearer), first_(auth.token) {}

  [[nodiscard]] constexpr bool has_value() const noexcept { return scheme_ != Scheme::none; }

  /// The value of Authorization. Throws `std::invalid_argument`, which tells nothing of them, for
  /// credentials that cannot be sent.
  [[nodiscard]] std::string authorization() const;

 private:
  enum class Scheme : std::uint8_t { none, basic, bearer };

  Scheme scheme_ = Scheme::none;
  std::string_view first_;
  std::string_view second_;
};

static_assert(std::is_trivially_destructible_v<AuthOption>);

/// The same for a session, which keeps it.
class SessionAuth {
 public:
  SessionAuth() = default;
  /// Both throw `std::invalid_argument`.
  SessionAuth(const BasicAuth& auth) : authorization_(AuthOption(auth).authorization()) {}
  SessionAuth(const BearerAuth& auth) : authorization_(AuthOption(auth).authorization()) {}

  /// The value of Authorization; empty: none.
  [[nodiscard]] const std::string& authorization() const noexcept { return authorization_; }

 private:
  std::string authorization_;
};

}  // namespace rondo::http
