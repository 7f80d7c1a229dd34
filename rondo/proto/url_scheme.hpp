#pragma once
// The special schemes of the URL Standard (§4.2) and their default ports.

#include <cstdint>
#include <optional>
#include <string_view>

namespace rondo::proto {

/// The special schemes by name; every other scheme is `other`.
enum class SchemeKind : std::uint8_t { other, http, https, ws, wss, ftp, file };

/// Special URLs have a host and a path of segments, and take `\` for `/`.
[[nodiscard]] constexpr bool is_special(SchemeKind kind) noexcept {
  return kind != SchemeKind::other;
}

/// `scheme` in lower case, without the colon.
[[nodiscard]] constexpr SchemeKind scheme_kind(std::string_view scheme) noexcept {
  if (scheme == "https") return SchemeKind::https;
  if (scheme == "http") return SchemeKind::http;
  if (scheme == "ws") return SchemeKind::ws;
  if (scheme == "wss") return SchemeKind::wss;
  if (scheme == "ftp") return SchemeKind::ftp;
  if (scheme == "file") return SchemeKind::file;
  return SchemeKind::other;
}

[[nodiscard]] constexpr std::optional<std::uint16_t> default_port(SchemeKind kind) noexcept {
  switch (kind) {
    case SchemeKind::http:
    case SchemeKind::ws:
      return std::uint16_t{80};
    case SchemeKind::https:
    case SchemeKind::wss:
      return std::uint16_t{443};
    case SchemeKind::ftp:
      return std::uint16_t{21};
    case SchemeKind::file:
    case SchemeKind::other:
      break;
  }
  return std::nullopt;
}

}  // namespace rondo::proto
