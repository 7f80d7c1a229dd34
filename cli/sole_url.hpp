#pragma once
// Whether there is one URL in all: then its body goes to standard output.

#include <cstdint>
#include <optional>

#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::cli {

/// Known when the input has ended or has a second URL; until then the first waits with its body,
/// though not with its request.
class SoleUrl {
 public:
  /// The reader of the input has met another URL.
  void count_one() {
    if (++count_ == 2 && !sole_) decide(false);
  }

  /// There may be one, but its body goes elsewhere.
  void deny() { decide(false); }

  /// The reader has come to the end of the input.
  void end() {
    if (!sole_) decide(count_ == 1);
  }

  [[nodiscard]] std::optional<bool> answer() const noexcept { return sole_; }

  /// Waits for the answer. For one task, that of the first URL.
  Task<> wait() {
    if (!sole_) co_await decided_.acquire();
  }

 private:
  void decide(bool sole) {
    sole_ = sole;
    decided_.release();
  }

  std::uint64_t count_ = 0;
  std::optional<bool> sole_;
  Semaphore decided_{0};
};

}  // namespace rondo::cli
