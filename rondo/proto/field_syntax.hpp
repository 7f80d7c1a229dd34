#pragma once
// The bytes that HTTP allows in a method, a target, a field name and a field value (RFC 9110 §5,
// RFC 9112 §3), as tables made at compile time. What leaves the process is checked with these: a
// CR, LF or NUL in any of them is how one request becomes two.

#include <cstddef>
#include <string_view>

#include "rondo/proto/field_scan.hpp"

namespace rondo::proto {

namespace detail {

constexpr ByteSet make_target_bytes() {
  ByteSet set{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) set[c] = c != '#';
  return set;
}

inline constexpr ByteSet kTargetBytes = make_target_bytes();

constexpr std::size_t index_outside(const ByteSet& set, std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  const char* const at = find_outside(set, text.data(), end);
  return at == end ? std::string_view::npos : static_cast<std::size_t>(at - text.data());
}

}  // namespace detail

/// Whether `c` may be in a token (RFC 9110 §5.6.2).
[[nodiscard]] constexpr bool is_token_byte(char c) noexcept {
  return detail::is_in(detail::kTokenBytes, c);
}

/// The index of the first byte that keeps `text` from being a token; `npos` when none does. (An
/// empty text is no token either.)
[[nodiscard]] constexpr std::size_t find_invalid_token_byte(std::string_view text) noexcept {
  return detail::index_outside(detail::kTokenBytes, text);
}

/// The index of the first byte that no field value may hold; `npos` when there is none.
[[nodiscard]] inline std::size_t find_invalid_value_byte(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  const char* const at = detail::find_value_end(text.data(), end);
  return at == end ? std::string_view::npos : static_cast<std::size_t>(at - text.data());
}

/// The index of the first byte that no request target may hold: white space, controls, `#` and all
/// above 0x7e, which a URL has percent-encoded; `npos` when there is none.
[[nodiscard]] constexpr std::size_t find_invalid_target_byte(std::string_view text) noexcept {
  return detail::index_outside(detail::kTargetBytes, text);
}

/// Whether `text` is a token: a method, a field name, a coding (RFC 9110 §5.6.2).
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && find_invalid_token_byte(text) == std::string_view::npos;
}

/// Whether `text` can be a field value: no control but the tab, so neither CR, LF nor NUL. Bytes
/// above 0x7f are allowed, white space around it too (RFC 9110 §5.5).
[[nodiscard]] inline bool is_field_value(std::string_view text) noexcept {
  return find_invalid_value_byte(text) == std::string_view::npos;
}

/// Whether `text` is a method (RFC 9110 §9.1).
[[nodiscard]] constexpr bool is_method(std::string_view text) noexcept {
  return is_token(text);
}

/// Whether `text` can be a request target in any of its four forms (RFC 9112 §3.2).
[[nodiscard]] constexpr bool is_request_target(std::string_view text) noexcept {
  return !text.empty() && find_invalid_target_byte(text) == std::string_view::npos;
}

/// Cuts the first member off `rest`, the value of a list field, and returns it without the white
/// space around it. Commas within quoted strings do not separate. Members may be empty (RFC 9110
/// §5.6.1). Call it until `rest` is empty.
[[nodiscard]] std::string_view next_list_member(std::string_view& rest) noexcept;

}  // namespace rondo::proto
