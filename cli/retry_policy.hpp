#pragma once
// Whether a transfer that failed is tried again, and when. Nothing here waits.

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

#include "rondo/http/errors.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

/// Whether a request with that method may be sent twice (RFC 9110 §9.2.2).
[[nodiscard]] bool is_repeatable(std::string_view method) noexcept;

/// Whether an answer with that status may be different next time.
[[nodiscard]] bool is_transient_status(int status) noexcept;

/// Whether it was the connection that failed, or a body was cut or damaged on its way: what may be
/// different next time. Certificates, address policies and names that do not exist are not.
[[nodiscard]] bool is_transient(const http::ClientError& error) noexcept;

/// The delay that a Retry-After field asks for: seconds, or a date (RFC 9110 §10.2.3), which may
/// have passed. Nothing for any other text.
[[nodiscard]] std::optional<Clock::duration> parse_retry_after(
    std::string_view value, std::chrono::system_clock::time_point now);

/// One failed try.
struct FailedTry {
  unsigned number = 1;  ///< counted from 1
  std::optional<Clock::duration> retry_after = {};
  std::optional<Clock::duration> time_left = {};  ///< for the whole transfer; nothing: no limit
};

/// Exponential backoff with full jitter: the n-th delay is drawn from 0 to `kFirst` * 2^(n-1), and
/// never above `kLongest`. What the server asks for in Retry-After takes its place.
class RetryPolicy {
 public:
  static constexpr std::chrono::milliseconds kFirst{500};
  static constexpr std::chrono::seconds kLongest{60};

  RetryPolicy(unsigned max_retries, std::uint64_t seed) noexcept
      : max_retries_(max_retries), random_(seed) {}

  /// How long to wait before the next try; nothing: there is none, because they are used up or the
  /// time does not suffice.
  [[nodiscard]] std::optional<Clock::duration> delay_after(const FailedTry& failed);

 private:
  unsigned max_retries_;
  std::mt19937_64 random_;
};

}  // namespace rondo::cli
