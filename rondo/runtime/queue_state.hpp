#pragma once
// What a `Queue` is besides its items.

#include <cstddef>
#include <source_location>

#include "rondo/runtime/home_loop.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::detail {

/// The waiters, the end and the count of unfinished items of a queue. Its invariants: getters wait
/// only while there is no item, putters only while there is no room.
class QueueState {
 public:
  QueueState(const QueueState&) = delete;
  QueueState& operator=(const QueueState&) = delete;

  /// How many items it may hold; 0 means as many as memory does.
  [[nodiscard]] std::size_t maxsize() const noexcept { return maxsize_; }

  /// Takes no more items. Puts throw `QueueClosedError`, those also that wait for room; gets give
  /// what is left and throw it then. Closing twice is closing once.
  void close();

  [[nodiscard]] bool is_closed() const noexcept { return closed_; }

  /// One item that was got is done with. Throws `InvalidStateError` when called more often than
  /// items were put.
  void task_done();

  /// Waits until `task_done` was called for every item that was put; not at all if it was.
  /// Cancelling ends the wait.
  Task<> join();

 protected:
  QueueState(std::size_t maxsize, std::source_location created_at) noexcept
      : maxsize_(maxsize), home_("Queue", created_at) {}
  ~QueueState();

  /// Throws `QueueClosedError`.
  void require_open() const;
  [[noreturn]] void throw_closed() const;
  [[noreturn]] void throw_full() const;
  [[noreturn]] void throw_empty() const;

  std::size_t maxsize_;
  std::size_t unfinished_ = 0;
  bool closed_ = false;
  HomeLoop home_;
  WaitQueue getters_;
  WaitQueue putters_;
  WaitQueue joiners_;
};

}  // namespace rondo::detail
