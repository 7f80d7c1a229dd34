// Pieces are read from left to right; those behind a "::" are moved to the end afterwards. An IPv4
// address may take the place of the last two.

#include "rondo/proto/ipv6.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kPieces = std::tuple_size_v<Ipv6Pieces>;

using Failed = std::optional<UrlError>;

/// Dotted decimal without leading zeros: the only form of IPv4 inside IPv6.
std::optional<std::uint32_t> parse_dotted_decimal(std::string_view text) noexcept {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    if (part != 0) {
      if (text.empty() || text[0] != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    std::uint32_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && ascii::is_digit(text[digits]); ++digits) {
      if (digits > 0 && value == 0) return std::nullopt;
      value = value * 10 + static_cast<std::uint32_t>(text[digits] - '0');
      if (value > 255) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    address = address << 8 | value;
    text.remove_prefix(digits);
  }
  if (!text.empty()) return std::nullopt;
  return address;
}

class Ipv6Parser {
 public:
  explicit Ipv6Parser(std::string_view text) noexcept : rest_(text) {}

  Result<Ipv6Pieces, UrlError> run() {
    if (rest_.starts_with("::")) {
      rest_.remove_prefix(2);
      compression_ = 0;
    } else if (rest_.starts_with(':')) {
      return Failure{UrlError::ipv6_invalid_compression};
    }
    while (!rest_.empty()) {
      if (const Failed failed = read_piece()) return Failure{*failed};
    }
    if (!compression_) {
      if (count_ < kPieces) return Failure{UrlError::ipv6_too_few_pieces};
      return pieces_;
    }
    const auto at = [this](std::size_t i) { return pieces_.begin() + static_cast<long>(i); };
    std::rotate(at(*compression_), at(count_), pieces_.end());
    return pieces_;
  }

 private:
  /// "::" stands for at least one piece.
  [[nodiscard]] std::size_t pieces_left() const noexcept {
    return kPieces - count_ - (compression_ ? 1 : 0);
  }

  Failed read_piece() {
    if (pieces_left() == 0) return UrlError::ipv6_too_many_pieces;
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < 4 && digits < rest_.size(); ++digits) {
      const int digit = ascii::hex_value(rest_[digits]);
      if (digit < 0) break;
      value = value << 4 | static_cast<unsigned>(digit);
    }
    if (rest_.substr(digits).starts_with('.')) return read_ipv4();
    if (digits == 0) {
      return rest_[0] == ':' ? UrlError::ipv6_multiple_compression
                             : UrlError::ipv6_invalid_code_point;
    }
    pieces_[count_++] = static_cast<std::uint16_t>(value);
    rest_.remove_prefix(digits);
    return read_separator();
  }

  Failed read_separator() {
    if (rest_.empty()) return {};
    if (rest_[0] != ':') return UrlError::ipv6_invalid_code_point;
    rest_.remove_prefix(1);
    if (rest_.empty()) return UrlError::ipv6_invalid_code_point;
    if (rest_[0] != ':') return {};
    if (compression_) return UrlError::ipv6_multiple_compression;
    if (pieces_left() == 0) return UrlError::ipv6_too_many_pieces;
    rest_.remove_prefix(1);
    compression_ = count_;
    return {};
  }

  Failed read_ipv4() {
    if (pieces_left() < 2) return UrlError::ipv6_too_many_pieces;
    const auto address = parse_dotted_decimal(rest_);
    if (!address) return UrlError::ipv6_invalid_ipv4;
    pieces_[count_++] = static_cast<std::uint16_t>(*address >> 16);
    pieces_[count_++] = static_cast<std::uint16_t>(*address & 0xffff);
    rest_ = {};
    return {};
  }

  std::string_view rest_;
  Ipv6Pieces pieces_{};
  std::size_t count_ = 0;
  std::optional<std::size_t> compression_;
};

struct Run {
  std::size_t begin = 0;
  std::size_t size = 0;
};

/// The first of the longest runs of zero pieces; a single zero is none (RFC 5952 §4.2.2).
Run longest_zero_run(const Ipv6Pieces& pieces) noexcept {
  Run longest;
  for (std::size_t begin = 0; begin < kPieces; ++begin) {
    std::size_t end = begin;
    while (end < kPieces && pieces[end] == 0) ++end;
    if (end - begin > std::max<std::size_t>(longest.size, 1)) longest = {begin, end - begin};
    begin = end;
  }
  return longest;
}

void append_hexadecimal(std::uint16_t value, std::string& out) {
  std::array<char, 4> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value, 16).ptr;
  out.append(digits.data(), end);
}

}  // namespace

Result<Ipv6Pieces, UrlError> parse_ipv6(std::string_view text) {
  return Ipv6Parser(text).run();
}

void append_ipv6(const Ipv6Pieces& pieces, std::string& out) {
  const Run zeros = longest_zero_run(pieces);
  for (std::size_t i = 0; i < kPieces; ++i) {
    if (zeros.size != 0 && i == zeros.begin) {
      out += "::";
      i += zeros.size - 1;
      continue;
    }
    if (i != 0 && out.back() != ':') out.push_back(':');
    append_hexadecimal(pieces[i], out);
  }
}

}  // namespace rondo::proto
