// The algorithm of the RFC: cut the text at delimiters, and let each token be the first of time,
// day, month and year that it looks like and that has not been found yet. The order in which the
// parts stand, and everything else in the text, does not matter.

#include "rondo/proto/cookie_date.hpp"

#include <array>
#include <cstddef>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

struct Date {
  std::optional<std::chrono::seconds> time;
  std::optional<unsigned> day;
  std::optional<unsigned> month;
  std::optional<int> year;
};

bool is_delimiter(char c) {
  return c == '\t' || (c >= ' ' && c <= '/') || (c >= ';' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

// Removes a number of `min` to `max` digits from the front of `text`. One more digit is no match.
std::optional<unsigned> take_number(std::string_view& text, std::size_t min, std::size_t max) {
  unsigned number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && ascii::is_digit(text[digits])) {
    if (digits == max) return std::nullopt;
    number = number * 10 + static_cast<unsigned>(text[digits++] - '0');
  }
  if (digits < min) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool take_colon(std::string_view& text) {
  if (!text.starts_with(':')) return false;
  text.remove_prefix(1);
  return true;
}

// Values out of range match as well, and make the whole date invalid later.
bool read_time(std::string_view token, Date& date) {
  const auto hour = take_number(token, 1, 2);
  if (!hour || !take_colon(token)) return false;
  const auto minute = take_number(token, 1, 2);
  if (!minute || !take_colon(token)) return false;
  const auto second = take_number(token, 1, 2);
  if (!second) return false;
  const bool in_range = *hour <= 23 && *minute <= 59 && *second <= 59;
  date.time = in_range ? std::chrono::seconds{(*hour * 60 + *minute) * 60 + *second}
                       : std::chrono::seconds{-1};
  return true;
}

bool read_month(std::string_view token, Date& date) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (!ascii::equal_ignoring_case(token.substr(0, 3), kMonths[i])) continue;
    date.month = i + 1;
    return true;
  }
  return false;
}

bool read_year(std::string_view token, Date& date) {
  const auto number = take_number(token, 2, 4);
  if (!number) return false;
  const int year = static_cast<int>(*number);
  const int century = year > 99 ? 0 : year >= 70 ? 1900 : 2000;
  date.year = century + year;
  return true;
}

void read_token(std::string_view token, Date& date) {
  if (!date.time && read_time(token, date)) return;
  std::string_view rest = token;
  if (!date.day) {
    date.day = take_number(rest, 1, 2);
    if (date.day) return;
  }
  if (!date.month && read_month(token, date)) return;
  if (!date.year) read_year(token, date);
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_cookie_date(std::string_view text) {
  Date date;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && !is_delimiter(text[size])) ++size;
    read_token(text.substr(0, size), date);
    text.remove_prefix(size < text.size() ? size + 1 : size);
  }
  if (!date.time || !date.day || !date.month || !date.year) return std::nullopt;
  const std::chrono::year_month_day day{
      std::chrono::year{*date.year}, std::chrono::month{*date.month}, std::chrono::day{*date.day}};
  if (!day.ok() || *date.year < 1601 || *date.time < std::chrono::seconds{0}) return std::nullopt;
  return std::chrono::sys_days{day} + *date.time;
}

}  // namespace rondo::proto
