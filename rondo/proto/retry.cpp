// A table of statuses, a table of methods, and an exponent that stops growing before it overflows.

#include "rondo/proto/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/cookie_date.hpp"

namespace rondo::proto {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

namespace {

// From 0 to `most`. The remainder favours low numbers by less than one part in a million for
// delays of up to an hour, which is no matter here.
nanoseconds drawn(nanoseconds most, std::uint64_t random) noexcept {
  if (most <= nanoseconds::zero()) return nanoseconds::zero();
  const auto choices = static_cast<std::uint64_t>(most.count()) + 1;
  return nanoseconds(static_cast<std::int64_t>(random % choices));
}

nanoseconds longest_pause(const Backoff& backoff, unsigned number) noexcept {
  nanoseconds pause = backoff.first;
  for (unsigned i = 1; i < number && pause < backoff.longest; ++i) {
    pause = pause > backoff.longest / 2 ? backoff.longest : pause * 2;
  }
  return std::min(pause, backoff.longest);
}

}  // namespace

bool is_idempotent(std::string_view method) noexcept {
  static constexpr std::array<std::string_view, 6> kIdempotent = {"GET",    "HEAD",    "PUT",
                                                                  "DELETE", "OPTIONS", "TRACE"};
  return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end();
}

bool is_transient_status(int status) noexcept {
  static constexpr std::array kTransient = {408, 429, 500, 502, 503, 504};
  return std::find(kTransient.begin(), kTransient.end(), status) != kTransient.end();
}

std::optional<nanoseconds> parse_retry_after(std::string_view value, system_clock::time_point now) {
  // Longer than any program runs, and short enough to be added to a time.
  constexpr seconds kMost = std::chrono::hours(24 * 365);
  value = ascii::trim(value);
  const bool is_number = !value.empty() && std::all_of(value.begin(), value.end(), ascii::is_digit);
  if (is_number) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
    return error == std::errc() && count < kMost.count() ? seconds(count) : kMost;
  }
  const auto date = parse_cookie_date(value);
  if (!date) return std::nullopt;
  // In seconds first: nanoseconds cannot count the years that a date can have.
  const seconds whole = *date - std::chrono::floor<seconds>(now);
  if (whole >= kMost) return kMost;
  if (whole <= seconds::zero()) return nanoseconds::zero();
  return std::chrono::ceil<std::chrono::milliseconds>(*date - now);
}

std::optional<nanoseconds> retry_delay(const Backoff& backoff, const FailedTry& failed,
                                       std::uint64_t random) noexcept {
  if (failed.number > backoff.max_retries) return std::nullopt;
  nanoseconds delay{};
  if (failed.retry_after) {
    if (*failed.retry_after > backoff.max_retry_after) return std::nullopt;
    delay = *failed.retry_after;
  } else {
    delay = drawn(longest_pause(backoff, failed.number), random);
  }
  if (failed.time_left && delay >= *failed.time_left) return std::nullopt;
  return delay;
}

void RetryBudget::refill(steady_clock::time_point now) noexcept {
  if (refilled_ && now > *refilled_) {
    const double passed = std::chrono::duration<double>(now - *refilled_).count();
    tokens_ = std::min(tokens_ + passed * options_.per_second, options_.capacity);
  }
  refilled_ = now;
}

void RetryBudget::deposit(steady_clock::time_point now) noexcept {
  refill(now);
  tokens_ = std::min(tokens_ + options_.per_request, options_.capacity);
}

bool RetryBudget::withdraw(steady_clock::time_point now) noexcept {
  refill(now);
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace rondo::proto
