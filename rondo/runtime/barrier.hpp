#pragma once
// A place where tasks wait for each other.

#include <cstddef>
#include <exception>
#include <source_location>

#include "rondo/base/error.hpp"
#include "rondo/runtime/home_loop.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo {

/// The barrier was aborted, or reset while tasks waited at it.
class BrokenBarrierError : public Error {
 public:
  using Error::Error;
};

/// Lets tasks through in groups of `parties`: each waits until the group is complete. It can be
/// passed any number of times. A waiter that is cancelled leaves, and the group waits for another.
///
/// Owner: the loop of the first wait; under another loop, or on another thread, `wait`, `abort` and
/// `reset` throw. Lifetime: when it is destroyed, those who wait get `DestroyedError`; it is to be
/// destroyed on its loop's thread.
class Barrier {
 public:
  /// Throws `std::invalid_argument` when `parties` is 0.
  explicit Barrier(std::size_t parties,
                   std::source_location created_at = std::source_location::current());
  ~Barrier() { home_.abandon(waiters_); }
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;

  /// Waits for the others. Gives the place of this task in the order of arrival among those who
  /// pass together, from 0 to `parties() - 1`, each once. Throws `BrokenBarrierError`.
  Task<std::size_t> wait();

  /// Breaks the barrier: those who wait get `BrokenBarrierError`, and so does whoever comes, until
  /// it is reset.
  void abort();

  /// Makes the barrier as new: those who wait get `BrokenBarrierError`.
  void reset();

  [[nodiscard]] std::size_t parties() const noexcept { return parties_; }

  /// How many wait now.
  [[nodiscard]] std::size_t n_waiting() const noexcept { return n_waiting_; }

  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  class Place;

  void let_through() noexcept;
  void turn_away(const char* reason);

  std::size_t parties_;
  std::size_t n_waiting_ = 0;
  bool broken_ = false;
  detail::HomeLoop home_;
  detail::WaitQueue waiters_;
};

}  // namespace rondo
