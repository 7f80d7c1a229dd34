#pragma once
// The part of a loop that outlives it: its inbox for other threads, and how it ended.

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <source_location>
#include <string>
#include <thread>
#include <vector>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/reactor.hpp"

namespace rondo {
class EventLoop;
}

namespace rondo::detail {

/// The name of the calling thread: "main", or what it was given.
std::string thread_name();

/// Shared by the loop and its handles. Every member function may be called on any thread, unless it
/// says otherwise.
class LoopControl {
 public:
  using Callback = std::function<void()>;

  LoopControl(EventLoop& loop, std::source_location created_at);

  /// Puts `callback` into the inbox and wakes the loop. Throws `LoopClosedError`.
  void post(Callback callback);

  /// The loop's thread takes what came in.
  [[nodiscard]] std::vector<Callback> take_posted();
  [[nodiscard]] bool has_posted() const noexcept {
    return has_posted_.load(std::memory_order_acquire);
  }

  /// Counts those outside of the loop who can wake it.
  void add_handle() noexcept { handles_.fetch_add(1, std::memory_order_relaxed); }
  void remove_handle() noexcept;
  [[nodiscard]] bool has_handles() const noexcept {
    return handles_.load(std::memory_order_acquire) > 0;
  }

  /// From now on the loop can be woken through `reactor`; null ends that.
  void set_reactor(Reactor* reactor) noexcept;

  /// The loop is closed: `closer` names the call, `report` tells what had not ended by then, and
  /// may be empty. Drops what is in the inbox.
  void close(std::string closer, std::source_location where, std::string report);

  [[nodiscard]] bool is_closed() const noexcept { return closed_.load(std::memory_order_acquire); }

  /// Throws the `LoopClosedError` of a closed loop. `bound` is empty, or says what belonged to it.
  [[noreturn]] void throw_closed(const std::string& bound = {}) const;

  /// Throws `WrongThreadError` when the caller is not on the loop's thread.
  void require_thread(const char* function) const;

  [[nodiscard]] std::thread::id thread() const noexcept { return thread_; }
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  [[nodiscard]] const std::source_location& created_at() const noexcept { return created_at_; }
  /// Valid while the loop is open, on its own thread.
  [[nodiscard]] EventLoop* loop() const noexcept { return loop_; }

 private:
  EventLoop* loop_;
  std::uint64_t generation_;
  std::thread::id thread_;
  std::string thread_name_;
  std::source_location created_at_;

  mutable std::mutex mutex_;  // guards what follows, up to the atomics
  Reactor* reactor_ = nullptr;
  std::vector<Callback> posted_;
  std::string closer_;
  std::string report_;
  std::source_location closed_at_;
  std::string closing_thread_;
  Clock::time_point closed_when_;

  std::atomic<bool> has_posted_{false};
  std::atomic<std::size_t> handles_{0};
  std::atomic<bool> closed_{false};
};

}  // namespace rondo::detail
