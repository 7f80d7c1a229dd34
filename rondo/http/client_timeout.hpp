#pragma once
// How long a request may take.

#include <chrono>
#include <optional>

#include "rondo/runtime/clock.hpp"

namespace rondo::http {

/// Limits on the phases of a request, in any unit of `std::chrono`; nothing means no limit.
struct ClientTimeout {
  /// The whole request: queueing, redirects, and reading the body to its end.
  std::optional<Clock::duration> total = std::chrono::minutes(5);

  /// Getting a connection: queueing in the pool, DNS, TCP and TLS.
  std::optional<Clock::duration> connect = {};

  /// DNS, TCP and TLS of a new connection, without the queueing.
  std::optional<Clock::duration> sock_connect = std::chrono::seconds(30);

  /// Between two pieces of the answer, and from the sent request to the first.
  std::optional<Clock::duration> sock_read = {};

  /// How long a server may take to agree to a body that it was asked about with
  /// `Expect: 100-continue`; then the body is sent all the same (RFC 9110 §10.1.1).
  Clock::duration expect_continue = std::chrono::seconds(1);
};

/// What the option `timeout` of a request takes: a duration for `ClientTimeout::total`, or all of
/// them; nothing for the session's.
class TimeoutOption {
 public:
  constexpr TimeoutOption() noexcept = default;
  template <class Rep, class Period>
  constexpr TimeoutOption(std::chrono::duration<Rep, Period> total) noexcept
      : total_(std::chrono::duration_cast<Clock::duration>(total)) {}
  constexpr TimeoutOption(const ClientTimeout& all) noexcept : all_(all) {}

  /// The limits of a request in a session whose own are `defaults`.
  [[nodiscard]] constexpr ClientTimeout over(const ClientTimeout& defaults) const noexcept {
    ClientTimeout limits = all_.value_or(defaults);
    if (total_) limits.total = total_;
    return limits;
  }

 private:
  std::optional<Clock::duration> total_;
  std::optional<ClientTimeout> all_;
};

}  // namespace rondo::http
