#pragma once
// The worker threads of a loop: where `to_thread` runs what would block it.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rondo/runtime/clock.hpp"

namespace rondo::detail {

/// Threads are started when there is work and nobody free for it, and stay until `join`. Used by
/// the loop's thread only.
class ThreadPool {
 public:
  /// 0: as many as `RunOptions::max_worker_threads` says.
  explicit ThreadPool(unsigned max_threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Runs `work`, which does not throw, on a worker, in the order of submission. `owner` is for
  /// `withdraw`. `done`, which does not throw either and is short, follows on the worker: whoever
  /// sees the pool not busy any more sees what it did. Throws `OsError` when no thread can be
  /// started and there is none yet.
  void submit(std::function<void()> work, const void* owner = nullptr,
              std::function<void()> done = {});

  /// Takes the work of `owner` back; false when a worker has taken it already.
  bool withdraw(const void* owner) noexcept;

  /// Whether something is running or waiting to.
  [[nodiscard]] bool is_busy() const noexcept;

  /// Ends the threads; what is waiting is dropped. Gives the names of those that had not returned
  /// at `deadline`: they are left to themselves.
  [[nodiscard]] std::vector<std::string> join(Clock::time_point deadline);

 private:
  struct State;
  struct Worker;
  void start_worker();
  static void serve(const std::shared_ptr<State>& state, const std::shared_ptr<Worker>& worker);

  std::shared_ptr<State> state_;
  std::vector<std::shared_ptr<Worker>> workers_;
  unsigned max_threads_;
};

}  // namespace rondo::detail
