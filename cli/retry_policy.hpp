#pragma once
// The pauses between the tries of all transfers of a run.

#include <cstdint>
#include <optional>
#include <random>

#include "rondo/proto/retry.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

/// What `proto::retry_delay` decides, with the chance that it needs. What the server asks for in
/// Retry-After is obeyed as far as the time left allows.
class RetryPolicy {
 public:
  RetryPolicy(unsigned max_retries, std::uint64_t seed) noexcept
      : backoff_{.max_retries = max_retries}, random_(seed) {}

  /// How long to wait before the next try; nothing: there is none.
  [[nodiscard]] std::optional<Clock::duration> delay_after(const proto::FailedTry& failed) {
    return proto::retry_delay(backoff_, failed, random_());
  }

 private:
  proto::Backoff backoff_;
  std::mt19937_64 random_;
};

}  // namespace rondo::cli
