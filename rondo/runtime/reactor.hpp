#pragma once
// The one interface between the loop and the operating system's ways to wait.

#include <chrono>
#include <string_view>

#include "rondo/runtime/arrivals.hpp"
#include "rondo/runtime/operation.hpp"

namespace rondo::detail {

/// Carries out operations. Used by the loop's thread only, `wake` excepted.
class Reactor {
 public:
  static constexpr std::chrono::milliseconds kForever{-1};

  Reactor() = default;
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;
  virtual ~Reactor() = default;

  /// Starts `operation`. True: it has ended at once, its result is set, and `complete` was not
  /// called. False: it is pending until `complete` is called, from `poll`, `cancel` or `close`. A
  /// descriptor has at most one pending operation that reads and one that writes; a further one
  /// ends with -EBUSY.
  [[nodiscard]] virtual bool submit(Operation& operation) noexcept = 0;

  /// Asks a pending operation to end: with -ECANCELED, unless it ends otherwise first.
  virtual void cancel(Operation& operation) noexcept = 0;

  /// Closes `descriptor` and forgets what was known of it. What was pending on it ends with
  /// -ECANCELED.
  virtual void close(int descriptor) noexcept = 0;

  /// Whether nothing has come on `descriptor` since the last receive took everything, and the peer
  /// has not ended: an idle connection that may be used again. Costs no system call where the
  /// reactor knows. After a no, the next receive is tried at once.
  [[nodiscard]] virtual bool is_quiet(int descriptor) noexcept = 0;

  /// Waits until something has ended, `wake` is called or `limit` is over, seldom less, and
  /// completes what has ended. False: it has found nothing, neither an end nor a wake.
  virtual bool poll(std::chrono::milliseconds limit) noexcept = 0;

  /// Hands the operating system at once what `poll` would have handed over first.
  virtual void flush() noexcept {}

  /// Ends the current or the next `poll`. From any thread, and from a signal handler.
  virtual void wake() noexcept = 0;

  /// How many operations are pending.
  [[nodiscard]] virtual std::size_t pending() const noexcept = 0;

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Whether it takes operations on files. Where not, they are for worker threads.
  [[nodiscard]] virtual bool carries_out_files() const noexcept { return false; }

  /// Whether one of them is pending: it ends without anything coming from outside.
  [[nodiscard]] virtual bool is_busy_with_files() const noexcept { return false; }

  /// What pending reads have brought; the polls are counted by who polls.
  [[nodiscard]] Arrivals& arrivals() noexcept { return arrivals_; }

 private:
  Arrivals arrivals_;
};

}  // namespace rondo::detail
