// Numbers are read by std::from_chars: no octal, no white space, nothing behind them.

#include "cli/option_values.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <system_error>

#include "rondo/base/ascii.hpp"
#include "rondo/http/proxy_headers.hpp"
#include "rondo/net/address.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/proxy_url.hpp"

#include "cli/descriptor.hpp"
#include "cli/job_parser.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr double kLongest = 1e9;  // seconds; what clocks can count in nanoseconds is 9e9

[[noreturn]] void refuse(std::string_view option, std::string_view text, std::string_view why) {
  throw UsageError(fmt::format("{} '{}': {}", option, printable(text), why));
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string without_brackets(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text.remove_prefix(1);
    text.remove_suffix(1);
  }
  return std::string(text);
}

/// Where the host of "HOST:..." ends; the colons of an IPv6 address in brackets do not count.
std::size_t end_of_host(std::string_view text) {
  const std::size_t from = text.starts_with('[') ? text.find(']') : 0;
  return from == std::string_view::npos ? from : text.find(':', from);
}

Descriptor open_file(std::string_view option, const std::string& path) {
  if (path == "-") return Descriptor(::dup(STDIN_FILENO));
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) refuse(option, path, std::strerror(errno));
  return file;
}

}  // namespace

std::uint64_t parse_number(std::string_view option, std::string_view text, std::uint64_t least,
                           std::uint64_t most) {
  const auto value = number_of<std::uint64_t>(text);
  if (!value) refuse(option, text, "not a whole number");
  if (*value < least) refuse(option, text, fmt::format("must be at least {}", least));
  if (*value > most) refuse(option, text, fmt::format("must be at most {}", most));
  return *value;
}

std::optional<Clock::duration> parse_seconds(std::string_view option, std::string_view text) {
  const auto value = number_of<double>(text);
  if (!value || !(*value >= 0)) refuse(option, text, "not a number of seconds");
  if (*value > kLongest) refuse(option, text, "too long");
  if (*value == 0) return std::nullopt;
  return std::chrono::ceil<Clock::duration>(std::chrono::duration<double>(*value));
}

Clock::duration parse_rate(std::string_view option, std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view unit = slash == std::string_view::npos ? "s" : text.substr(slash + 1);
  const auto count = number_of<double>(text.substr(0, slash));
  const bool is_rate = count && *count > 0 && std::isfinite(*count) && (unit == "s" || unit == "m");
  if (!is_rate) refuse(option, text, "not a rate such as 10/s or 600/m");
  const double seconds = (unit == "m" ? 60 : 1) / *count;
  if (seconds > kLongest) refuse(option, text, "too slow");
  return std::chrono::ceil<Clock::duration>(std::chrono::duration<double>(seconds));
}

std::uint64_t parse_bytes(std::string_view option, std::string_view text) {
  static constexpr std::string_view kUnits = "kmg";
  constexpr double kMost = 1e18;
  std::string_view digits = text;
  double factor = 1;
  const std::size_t unit = text.empty() ? std::string_view::npos
                                        : kUnits.find(ascii::lowered(text.substr(text.size() - 1)));
  if (unit != std::string_view::npos) {
    digits.remove_suffix(1);
    factor = std::pow(1024.0, static_cast<double>(unit + 1));
  }
  const auto count = number_of<double>(digits);
  const bool is_amount = count && *count * factor >= 1 && *count * factor <= kMost;
  if (!is_amount) refuse(option, text, "not a number of bytes such as 500k or 2M");
  return static_cast<std::uint64_t>(*count * factor);
}

std::pair<std::string, std::string> parse_header(std::string_view option, std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) refuse(option, text, "not a header such as 'Name: value'");
  const std::string_view name = text.substr(0, colon);
  const std::string_view value = ascii::trim(text.substr(colon + 1));
  const std::string problem = problem_with_header(name, value);
  if (!problem.empty()) throw UsageError(fmt::format("{}: {}", option, printable(problem)));
  return {std::string(name), std::string(value)};
}

std::pair<std::string, std::string> parse_proxy_header(std::string_view option,
                                                       std::string_view text) {
  auto header = parse_header(option, text);
  const proto::Field field{header.first, header.second};
  if (const auto fault = http::find_proxy_header_fault(proto::HeaderMap(field))) {
    throw UsageError(fmt::format("{}: {}", option, printable(*fault)));
  }
  return header;
}

dns::StaticEntry parse_resolve(std::string_view option, std::string_view text) {
  constexpr std::string_view kExpected = "not of the form HOST:PORT:ADDR";
  const std::size_t host_end = end_of_host(text);
  if (host_end == std::string_view::npos || host_end == 0) refuse(option, text, kExpected);
  const std::size_t port_end = text.find(':', host_end + 1);
  if (port_end == std::string_view::npos) refuse(option, text, kExpected);
  const auto port = number_of<std::uint16_t>(text.substr(host_end + 1, port_end - host_end - 1));
  if (!port || *port == 0) refuse(option, text, "the port is not a number from 1 to 65535");
  dns::StaticEntry entry{ascii::lowered(without_brackets(text.substr(0, host_end))), *port, {}};
  std::string_view rest = text.substr(port_end + 1);
  while (true) {
    const std::size_t comma = rest.find(',');
    std::string address = without_brackets(rest.substr(0, comma));
    if (!net::SocketAddress::parse_ip(address, *port)) refuse(option, text, "not an IP address");
    entry.addresses.push_back(std::move(address));
    if (comma == std::string_view::npos) return entry;
    rest.remove_prefix(comma + 1);
  }
}

tls::TlsVersion parse_tls_version(std::string_view option, std::string_view text) {
  if (text == "1.2") return tls::TlsVersion::tls_1_2;
  if (text == "1.3") return tls::TlsVersion::tls_1_3;
  refuse(option, text, "not 1.2 or 1.3");
}

std::string parse_proxy(std::string_view option, std::string_view text) {
  const auto proxy = proto::parse_proxy_url(text);
  // The text may hold a password.
  if (!proxy)
    throw UsageError(fmt::format("{}: invalid proxy: {}", option, describe(proxy.error())));
  return std::string(text);
}

LocalEnd parse_local(std::string_view option, std::string_view text) {
  const std::string name(text);
  if (net::SocketAddress::parse_ip(text, 0)) return {.address = name};
  if (::if_nametoindex(name.c_str()) == 0) {
    refuse(option, text, "neither an IP address nor a network interface");
  }
  return {.interface = name};
}

std::string parse_data(std::string_view option, std::string_view text) {
  if (!text.starts_with('@')) return std::string(text);
  return read_file(option, std::string(text.substr(1)));
}

void parse_form(std::string_view option, std::string_view text, http::FormData& form) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    refuse(option, text, "not of the form NAME=VALUE or NAME=@FILE");
  }
  const std::string_view name = text.substr(0, equals);
  const std::string_view value = text.substr(equals + 1);
  if (!value.starts_with('@')) {
    form.add_field(name, value);
    return;
  }
  const std::string path(value.substr(1));
  static_cast<void>(open_file(option, path));
  form.add_file(name, path);
}

std::string parse_dns_server(std::string_view option, std::string_view text) {
  const auto address = net::SocketAddress::parse(text);
  if (!address || !address->is_ip()) refuse(option, text, "not an IP address, with a port or not");
  return std::string(text);
}

std::string read_file(std::string_view option, const std::string& path) {
  const Descriptor file = open_file(option, path);
  std::string content;
  constexpr std::size_t kBlock = std::size_t{64} * 1024;
  while (true) {
    const std::size_t filled = content.size();
    content.resize(filled + kBlock);
    const auto count = ::read(file.get(), content.data() + filled, kBlock);
    content.resize(filled + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse(option, path, std::strerror(errno));
    if (count == 0) return content;
  }
}

}  // namespace rondo::cli
