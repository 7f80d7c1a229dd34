#pragma once
// A circuit breaker: a host that fails again and again is left alone for a while. Time is passed
// in.
//
//           failure_threshold failures in a row
//   closed ─────────────────────────────────────▶ open
//     ▲                                            │  open_for has passed
//     │ probes succeed              a probe fails  ▼
//     └──────────────────── half-open ───────────▶ open

#include <chrono>
#include <cstdint>

namespace rondo::proto {

class CircuitBreaker {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    unsigned failure_threshold = 5;  ///< failures in a row that open it; 0: never
    Clock::duration open_for = std::chrono::seconds(30);
    unsigned probes = 1;  ///< requests that a half-open one lets through, and that must succeed
  };

  enum class State : std::uint8_t { closed, open, half_open };

  /// What `admit` says. An admitted request reports its end with it, exactly once.
  struct Admission {
    bool is_admitted = false;
    Clock::duration retry_in{};    ///< if not: when a probe may be admitted; 0 while probes are out
    std::uint64_t generation = 0;  ///< requests of an earlier state tell nothing about this one
  };

  explicit CircuitBreaker(const Options& options) noexcept : options_(options) {}
  CircuitBreaker() noexcept : CircuitBreaker(Options{}) {}

  /// Whether a request may go to the host now.
  [[nodiscard]] Admission admit(Clock::time_point now) noexcept;

  void succeeded(const Admission& admission) noexcept;
  void failed(const Admission& admission, Clock::time_point now) noexcept;
  /// The request was cancelled, or failed for a reason that is not the host's: it proves nothing.
  void abandoned(const Admission& admission) noexcept;

  /// `open` until `admit` is asked again.
  [[nodiscard]] State state() const noexcept { return state_; }

 private:
  void enter(State state) noexcept;

  Options options_;
  State state_ = State::closed;
  std::uint64_t generation_ = 0;
  unsigned failures_ = 0;   // in a row, while closed
  unsigned admitted_ = 0;   // probes that are out or have succeeded, while half-open
  unsigned succeeded_ = 0;  // while half-open
  Clock::time_point opened_{};
};

}  // namespace rondo::proto
