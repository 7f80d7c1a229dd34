#pragma once
// Handing items from task to task, in order.
//
//   rondo::Queue<Job> jobs(100);
//   co_await jobs.put(std::move(job));       // waits while there are 100
//   Job next = co_await jobs.get();          // waits while there is none

#include <cstddef>
#include <deque>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>

#include "rondo/runtime/queue_errors.hpp"
#include "rondo/runtime/queue_state.hpp"

namespace rondo {

/// First in, first out; whoever waits is served in the order of arrival. An item goes straight to
/// the first getter: one that is cancelled before that leaves the item to the next, one that is
/// cancelled after it has the item and meets the cancellation at its next await. The item of a
/// `put` that was cancelled or refused is destroyed with its task.
///
/// Owner: the loop of the first wait; under another loop, or on another thread, every call but the
/// questions throws. Lifetime: when it is destroyed, those who wait get `DestroyedError`; it is to
/// be destroyed on its loop's thread.
template <class T>
class Queue : public detail::QueueState {
  static_assert(std::is_same_v<T, std::decay_t<T>>, "a queue holds values");

 public:
  /// `maxsize` 0 means without limit.
  explicit Queue(std::size_t maxsize = 0,
                 std::source_location created_at = std::source_location::current())
      : QueueState(maxsize, created_at) {}

  /// Puts `item` in; waits while there is no room. Throws `QueueClosedError`.
  Task<> put(T item) {
    home_.settle();
    require_open();
    if (!full()) {
      accept(std::move(item));
      co_return;
    }
    Putter putter(putters_, std::move(item));
    co_await putter;
  }

  /// Puts `item` in if there is room. Throws `QueueFullError` or `QueueClosedError`, and then has
  /// not touched the item.
  void put_nowait(T&& item) {
    require_room();
    accept(std::move(item));
  }
  void put_nowait(const T& item) {
    require_room();
    accept(T(item));
  }

  /// Takes the first item; waits while there is none. Throws `QueueClosedError` when the queue was
  /// closed and nothing is left.
  Task<T> get() {
    home_.settle();
    if (!items_.empty()) co_return take();
    require_open();
    Getter getter(getters_);
    co_await getter;
    co_return std::move(*getter.item);
  }

  /// Takes the first item if there is one. Throws `QueueEmptyError`, or `QueueClosedError` when
  /// none will come.
  T get_nowait() {
    home_.require("Queue::get_nowait()", putters_);
    if (!items_.empty()) return take();
    require_open();
    throw_empty();
  }

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] bool full() const noexcept { return maxsize_ != 0 && items_.size() >= maxsize_; }

 private:
  struct Getter final : detail::WaitPlace {
    explicit Getter(detail::WaitQueue& queue) noexcept : WaitPlace(queue) {}
    std::optional<T> item;
  };

  struct Putter final : detail::WaitPlace {
    Putter(detail::WaitQueue& queue, T&& value) : WaitPlace(queue), item(std::move(value)) {}
    T item;
  };

  void require_room() const {
    home_.require("Queue::put_nowait()", getters_);
    require_open();
    if (full()) throw_full();
  }

  /// Takes what there is room for. Where it throws, nothing has changed.
  void accept(T&& item) {
    if (auto* getter = static_cast<Getter*>(getters_.front())) {
      getter->item.emplace(std::move(item));
      getters_.wake_one();
    } else {
      items_.push_back(std::move(item));
    }
    ++unfinished_;
  }

  /// Takes the first item; the first who waits for room gets it.
  T take() {
    if (auto* putter = static_cast<Putter*>(putters_.front())) {
      items_.push_back(std::move(putter->item));
      ++unfinished_;
      putters_.wake_one();
    }
    T item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

  std::deque<T> items_;
};

}  // namespace rondo
