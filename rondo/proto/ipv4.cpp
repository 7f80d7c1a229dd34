// The text is cut at its dots; all parts but the last are bytes, the last one fills the rest.

#include "rondo/proto/ipv4.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kMaxParts = 4;

/// Larger than any number that fits; a part of more digits stays here instead of overflowing.
constexpr std::uint64_t kTooLarge = std::uint64_t{1} << 40;

std::string_view without_trailing_dot(std::string_view text) noexcept {
  if (text.size() > 1 && text.back() == '.') text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> parse_part(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  int radix = 10;
  if (text.size() >= 2 && text[0] == '0') {
    const bool hexadecimal = ascii::to_lower(text[1]) == 'x';
    radix = hexadecimal ? 16 : 8;
    text.remove_prefix(hexadecimal ? 2 : 1);
  }
  std::uint64_t value = 0;
  for (const char c : text) {
    const int digit = ascii::hex_value(c);
    if (digit < 0 || digit >= radix) return std::nullopt;
    value =
        std::min(value * static_cast<unsigned>(radix) + static_cast<unsigned>(digit), kTooLarge);
  }
  return value;
}

}  // namespace

bool ends_in_a_number(std::string_view host) noexcept {
  host = without_trailing_dot(host);
  const std::string_view last = host.substr(host.rfind('.') + 1);
  const bool all_digits = !last.empty() && std::all_of(last.begin(), last.end(), ascii::is_digit);
  return all_digits || parse_part(last).has_value();
}

Result<std::uint32_t, UrlError> parse_ipv4(std::string_view text) {
  text = without_trailing_dot(text);
  std::array<std::uint64_t, kMaxParts> parts{};
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    if (count == kMaxParts) return Failure{UrlError::ipv4_too_many_parts};
    const std::size_t dot = text.find('.');
    const auto number = parse_part(text.substr(0, dot));
    if (!number) return Failure{UrlError::ipv4_non_numeric_part};
    parts[count] = *number;
    more = dot != std::string_view::npos;
    if (more) text.remove_prefix(dot + 1);
  }

  const std::uint64_t last = parts[count - 1];
  if (last >= std::uint64_t{1} << (8 * (kMaxParts + 1 - count))) {
    return Failure{UrlError::ipv4_out_of_range_part};
  }
  auto address = static_cast<std::uint32_t>(last);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (parts[i] > 255) return Failure{UrlError::ipv4_out_of_range_part};
    address |= static_cast<std::uint32_t>(parts[i]) << (8 * (kMaxParts - 1 - i));
  }
  return address;
}

void append_ipv4(std::uint32_t address, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string(address >> shift & 255);
    if (shift != 0) out.push_back('.');
  }
}

}  // namespace rondo::proto
