#pragma once
// Waiting for some of several fibers.

#include <coroutine>
#include <cstddef>
#include <deque>
#include <vector>

#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/suspension.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::detail {

/// Notes in which order fibers end. Awaiting what `until` gives waits for enough of them, one task
/// at a time; cancelling that ends the wait and none of the fibers. Each end costs the same,
/// however many are watched.
class EndWatch final : public Suspension {
 public:
  /// For `size` fibers.
  explicit EndWatch(std::size_t size);
  EndWatch(const EndWatch&) = delete;
  EndWatch& operator=(const EndWatch&) = delete;
  ~EndWatch() = default;

  /// Watches `fiber` as the next in number; it may have ended already.
  void add(Fiber& fiber);

  [[nodiscard]] std::size_t size() const noexcept { return watchers_.size(); }

  /// The numbers of those that have ended, in the order of their ends.
  [[nodiscard]] const std::vector<std::size_t>& ended() const noexcept { return ended_; }

  /// To be awaited: for the end of `count`, or of one by an exception that is not `Cancelled` if
  /// `stops_at_failure`.
  [[nodiscard]] EndWatch& until(std::size_t count, bool stops_at_failure = false) noexcept {
    count_ = count;
    stops_at_failure_ = stops_at_failure;
    return *this;
  }

  /// Whether a task waits here.
  [[nodiscard]] bool is_awaited() const noexcept { return waiter_ != nullptr; }

  bool await_ready() const noexcept { return is_enough(); }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) noexcept {
    return park(frame, frame.promise());
  }
  void await_resume() const;
  void cancel() noexcept override;

 private:
  /// A place among those who wait for the end of one fiber.
  class Watcher final : public WaitPlace {
   public:
    Watcher(EndWatch& watch, Fiber& fiber, std::size_t number) noexcept
        : WaitPlace(fiber.joiners()), watch_(watch), watched_(fiber), number_(number) {}

   private:
    void wake() noexcept override { watch_.on_end(watched_, number_); }

    EndWatch& watch_;
    Fiber& watched_;
    std::size_t number_;
  };

  bool park(std::coroutine_handle<> frame, const Promise& promise) noexcept;
  void on_end(Fiber& fiber, std::size_t number) noexcept;
  [[nodiscard]] bool is_enough() const noexcept {
    return ended_.size() >= count_ || (stops_at_failure_ && has_failure_);
  }

  std::deque<Watcher> watchers_;  // they are linked: they never move
  std::vector<std::size_t> ended_;
  std::size_t count_ = 0;
  bool stops_at_failure_ = false;
  bool has_failure_ = false;
  bool cancelled_ = false;
  Fiber* waiter_ = nullptr;
};

}  // namespace rondo::detail
