// One pass with a table for each part. What is not in the tables is left to the parser that knows
// all of the standard, so this one only has to be right about what it takes.

#include "rondo/proto/url_plain.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

using Table = std::array<bool, 256>;

constexpr Table make_table(std::string_view others, bool upper_case) {
  Table table{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (std::size_t c = '0'; c <= '9'; ++c) table[c] = true;
  for (std::size_t c = 'A'; upper_case && c <= 'Z'; ++c) table[c] = true;
  for (const char c : others) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr Table kHost = make_table("-._", false);
constexpr Table kPath = make_table("/-._~!$&()*+,;=:@", true);
constexpr Table kQuery = make_table("/-._~!$&()*+,;=:@?%[]|", true);

std::size_t run_of(const Table& table, std::string_view text, std::size_t from) noexcept {
  while (from < text.size() && table[static_cast<unsigned char>(text[from])]) ++from;
  return from;
}

/// Reads a number of 1 to `digits` digits without leading zeros; takes it off `text`.
std::optional<unsigned> take_number(std::string_view& text, std::size_t digits) noexcept {
  unsigned value = 0;
  std::size_t size = 0;
  while (size < text.size() && size < digits && ascii::is_digit(text[size])) {
    value = value * 10 + static_cast<unsigned>(text[size++] - '0');
  }
  if (size == 0 || (text[0] == '0' && size > 1)) return std::nullopt;
  text.remove_prefix(size);
  return value;
}

bool is_usual_ipv4(std::string_view host) noexcept {
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (!host.starts_with('.')) return false;
      host.remove_prefix(1);
    }
    const auto number = take_number(host, 3);
    if (!number || *number > 255) return false;
  }
  return host.empty();
}

/// What the host is; nothing for one that is better looked at closely.
std::optional<HostKind> kind_of_host(std::string_view host) noexcept {
  if (host.empty() || host.back() == '.') return std::nullopt;
  // A last label that begins with a digit may be a number, and the host an address then.
  const bool may_be_address = ascii::is_digit(host[host.rfind('.') + 1]);
  if (!may_be_address) return HostKind::domain;
  if (is_usual_ipv4(host)) return HostKind::ipv4;
  return std::nullopt;
}

}  // namespace

bool parse_plain_url(std::string_view input, UrlRecord& url) {
  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kHttps = "https://";
  const bool is_https = input.starts_with(kHttps);
  if (!is_https && !input.starts_with(kHttp)) return false;
  const SchemeKind scheme = is_https ? SchemeKind::https : SchemeKind::http;
  const std::size_t host_begin = is_https ? kHttps.size() : kHttp.size();
  const std::size_t host_end = run_of(kHost, input, host_begin);
  const auto host_kind = kind_of_host(input.substr(host_begin, host_end - host_begin));
  if (!host_kind) return false;

  std::string_view rest = input.substr(host_end);
  std::optional<std::uint16_t> port;
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    const auto number = take_number(rest, 5);
    if (!number || *number > 65535 || *number == default_port(scheme)) return false;
    port = static_cast<std::uint16_t>(*number);
  }
  if (!rest.starts_with('/')) return false;

  const std::size_t path_begin = input.size() - rest.size();
  const std::size_t path_end = run_of(kPath, input, path_begin);
  const std::string_view path = input.substr(path_begin, path_end - path_begin);
  if (path.find("/.") != std::string_view::npos) return false;
  const bool has_query = path_end < input.size() && input[path_end] == '?';
  const std::size_t end = has_query ? run_of(kQuery, input, path_end) : path_end;
  if (end != input.size()) return false;

  url.href = input;
  url.scheme_end = host_begin - 3;
  url.username_end = url.host_begin = host_begin;
  url.host_end = host_end;
  url.path_begin = path_begin;
  url.query_begin = has_query ? path_end : UrlRecord::kAbsent;
  url.fragment_begin = UrlRecord::kAbsent;
  url.port = port;
  url.scheme_kind = scheme;
  url.host_kind = *host_kind;
  url.opaque_path = false;
  return true;
}

}  // namespace rondo::proto
