// A table of statuses, a table of methods, and an exponent that stops growing before it overflows.

#include "cli/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <limits>
#include <system_error>

#include "rondo/base/ascii.hpp"
#include "rondo/dns/resolve_error.hpp"
#include "rondo/proto/cookie_date.hpp"

namespace rondo::cli {

using std::chrono::seconds;
using std::chrono::system_clock;

namespace {

/// Whether DNS has answered, and its answer was no.
bool lacks_address(const std::exception_ptr& cause) noexcept {
  using Kind = dns::ResolveError::Kind;
  if (!cause) return false;
  try {
    std::rethrow_exception(cause);
  } catch (const dns::ResolveError& error) {
    return error.kind() == Kind::not_found || error.kind() == Kind::no_address ||
           error.kind() == Kind::bad_name;
  } catch (...) {
    return false;
  }
}

}  // namespace

bool is_repeatable(std::string_view method) noexcept {
  static constexpr std::array<std::string_view, 6> kIdempotent = {"GET",    "HEAD",    "PUT",
                                                                  "DELETE", "OPTIONS", "TRACE"};
  return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end();
}

bool is_transient_status(int status) noexcept {
  static constexpr std::array kTransient = {408, 429, 500, 502, 503, 504};
  return std::find(kTransient.begin(), kTransient.end(), status) != kTransient.end();
}

bool is_transient(const http::ClientError& error) noexcept {
  if (lacks_address(error.cause())) return false;
  if (dynamic_cast<const http::ClientConnectorCertificateError*>(&error) != nullptr) return false;
  if (dynamic_cast<const http::AddressDenied*>(&error) != nullptr) return false;
  if (dynamic_cast<const http::ResponseTooLarge*>(&error) != nullptr) return false;
  return dynamic_cast<const http::ClientConnectionError*>(&error) != nullptr ||
         dynamic_cast<const http::ClientPayloadError*>(&error) != nullptr;
}

std::optional<Clock::duration> parse_retry_after(std::string_view value,
                                                 system_clock::time_point now) {
  // Longer than any program runs, and short enough to be added to a time.
  constexpr seconds kMost = std::chrono::hours(24 * 365);
  value = ascii::trim(value);
  const bool is_number = !value.empty() && std::all_of(value.begin(), value.end(), ascii::is_digit);
  if (is_number) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
    return error == std::errc() ? std::min(seconds(count), kMost) : kMost;
  }
  const auto date = proto::parse_cookie_date(value);
  if (!date) return std::nullopt;
  const auto delay = std::chrono::ceil<std::chrono::milliseconds>(*date - now);
  return std::clamp<Clock::duration>(delay, Clock::duration::zero(), kMost);
}

std::optional<Clock::duration> RetryPolicy::delay_after(const FailedTry& failed) {
  if (failed.number > max_retries_) return std::nullopt;
  Clock::duration delay{};
  if (failed.retry_after) {
    delay = *failed.retry_after;
  } else {
    const unsigned doublings = std::min(failed.number - 1, 20U);
    const Clock::duration most = std::min<Clock::duration>(kFirst * (1U << doublings), kLongest);
    delay = Clock::duration(std::uniform_int_distribution<Clock::rep>(0, most.count())(random_));
  }
  if (failed.time_left && delay >= *failed.time_left) return std::nullopt;
  return delay;
}

}  // namespace rondo::cli
