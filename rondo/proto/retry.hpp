#pragma once
// Whether a request that failed is sent again, and when. Nothing here waits, and chance is passed
// in.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rondo::proto {

/// Whether a request with that method may be sent twice (RFC 9110 §9.2.2). Methods differ in case.
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// Whether an answer with that status may be different next time: 408, 429, 500, 502, 503, 504.
[[nodiscard]] bool is_transient_status(int status) noexcept;

/// The delay that a Retry-After field asks for: seconds, or a date (RFC 9110 §10.2.3), which may
/// have passed. At most a year. Nothing for any other text.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_retry_after(
    std::string_view value, std::chrono::system_clock::time_point now);

/// How often, and with which pauses.
struct Backoff {
  unsigned max_retries = 3;
  /// The n-th pause is drawn from 0 to `first` * 2^(n-1), and never above `longest`: exponential
  /// backoff with full jitter, so that clients that failed together do not come back together.
  std::chrono::nanoseconds first = std::chrono::milliseconds(500);
  std::chrono::nanoseconds longest = std::chrono::seconds(60);
  /// What the server asks for in Retry-After takes the place of the pause. When it asks for more
  /// than this, there is no retry: to come earlier would be what it asked not to do.
  std::chrono::nanoseconds max_retry_after = std::chrono::hours(24 * 365);
};

/// One failed try.
struct FailedTry {
  unsigned number = 1;  ///< counted from 1
  std::optional<std::chrono::nanoseconds> retry_after = {};
  std::optional<std::chrono::nanoseconds> time_left = {};  ///< for all tries; nothing: no limit
};

/// How long to wait before the next try; nothing: there is none, because they are used up or the
/// time does not suffice. `random` is any number, equally likely.
[[nodiscard]] std::optional<std::chrono::nanoseconds> retry_delay(const Backoff& backoff,
                                                                  const FailedTry& failed,
                                                                  std::uint64_t random) noexcept;

/// Keeps retries a fraction of the requests: when a server is down for everybody, retrying
/// everything multiplies the load on it. A bucket of tokens; one thread at a time.
class RetryBudget {
 public:
  struct Options {
    double per_request = 0.2;  ///< tokens that each request puts in
    double per_second = 1;  ///< tokens that time puts in, so that few requests may be retried too
    double capacity = 10;   ///< at most; the bucket begins full
  };

  explicit RetryBudget(const Options& options) noexcept
      : options_(options), tokens_(options.capacity) {}
  RetryBudget() noexcept : RetryBudget(Options{}) {}

  /// A request is sent for the first time.
  void deposit(std::chrono::steady_clock::time_point now) noexcept;

  /// Takes the token for one retry; false: there is none.
  [[nodiscard]] bool withdraw(std::chrono::steady_clock::time_point now) noexcept;

 private:
  void refill(std::chrono::steady_clock::time_point now) noexcept;

  Options options_;
  double tokens_;
  std::optional<std::chrono::steady_clock::time_point> refilled_;
};

}  // namespace rondo::proto
