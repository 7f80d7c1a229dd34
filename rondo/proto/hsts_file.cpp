// Dates are of a fixed width, so each number is where it must be or the line is none.

#include "rondo/proto/hsts_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/text_lines.hpp"

namespace rondo::proto {
namespace {

using std::chrono::sys_seconds;

constexpr std::string_view kForm = "00000000 00:00:00";
constexpr std::chrono::year_month_day kUnlimited{std::chrono::year(9999), std::chrono::month(12),
                                                 std::chrono::day(31)};

bool has_form(std::string_view text) {
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(),
                    [](char c, char form) { return form == '0' ? ascii::is_digit(c) : c == form; });
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<sys_seconds> parse_time(std::string_view text) {
  if (text == "unlimited") return std::chrono::sys_days(kUnlimited);
  if (!has_form(text)) return std::nullopt;
  const std::chrono::year_month_day day(
      std::chrono::year(number(text.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(number(text.substr(4, 2)))),
      std::chrono::day(static_cast<unsigned>(number(text.substr(6, 2)))));
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(number(text.substr(9, 2))) +
         std::chrono::minutes(number(text.substr(12, 2))) +
         std::chrono::seconds(number(text.substr(15, 2)));
}

std::string write_time(sys_seconds time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  return fmt::format("{:04}{:02}{:02} {:02}:{:02}:{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<HstsHost> parse_line(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return std::nullopt;
  HstsHost host;
  std::string_view name = line.substr(0, space);
  host.include_subdomains = name.starts_with('.');
  if (host.include_subdomains) name.remove_prefix(1);
  const std::string_view quoted = ascii::trim(line.substr(space));
  const bool is_quoted = quoted.size() >= 2 && quoted.starts_with('"') && quoted.ends_with('"');
  if (name.empty() || !is_quoted) return std::nullopt;
  const auto expires = parse_time(quoted.substr(1, quoted.size() - 2));
  if (!expires) return std::nullopt;
  host.name = ascii::lowered(name);
  host.expires = *expires;
  return host;
}

}  // namespace

HstsFile parse_hsts_file(std::string_view text) {
  HstsFile file;
  while (!text.empty()) {
    const std::string_view line = ascii::trim(take_line(text));
    if (line.empty() || line.starts_with('#')) continue;
    auto host = parse_line(line);
    if (host) {
      file.hosts.push_back(std::move(*host));
    } else {
      ++file.skipped;
    }
  }
  return file;
}

std::string write_hsts_file(std::span<const HstsHost> hosts) {
  std::string text =
      "# Hosts that want to be reached over https alone (RFC 6797), as curl keeps them.\n";
  for (const HstsHost& host : hosts) {
    const bool has_place = !host.name.empty() && !host.name.starts_with('.') &&
                           host.name.find_first_of(" \t\r\n\"#") == std::string::npos;
    if (!has_place) continue;
    text += fmt::format("{}{} \"{}\"\n", host.include_subdomains ? "." : "", host.name,
                        write_time(host.expires));
  }
  return text;
}

}  // namespace rondo::proto
