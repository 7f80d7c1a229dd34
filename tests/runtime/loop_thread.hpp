#pragma once
// A loop on a thread of its own, for tests of what goes from loop to loop.

#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/semaphore.hpp"

namespace rondo {

/// The loop runs until `close`, which closes it on its own thread and joins that.
class LoopThread {
 public:
  explicit LoopThread(RunOptions options) {
    std::promise<LoopHandle> made;
    auto handle = made.get_future();
    thread_ = std::thread([&made, options = std::move(options)] {
      EventLoop loop(options);
      made.set_value(loop.handle());
      loop.run_forever();
    });
    handle_ = handle.get();
    id_ = thread_.get_id();
  }
  ~LoopThread() { close(); }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  [[nodiscard]] const LoopHandle& handle() const { return *handle_; }
  [[nodiscard]] std::thread::id id() const { return id_; }

  /// Asks the loop to end.
  void stop() {
    try {
      handle_->call_soon_threadsafe([] { get_running_loop().stop(); });
    } catch (const LoopClosedError&) {
    }
  }

  void close() {
    if (!thread_.joinable()) return;
    stop();
    thread_.join();
  }

 private:
  std::thread thread_;
  std::thread::id id_;
  std::optional<LoopHandle> handle_;
};

/// A semaphore to wait in for ever. Never destroyed and always found, so that to a leak checker the
/// frames which are abandoned in it stay reachable.
inline Semaphore& never_released() {
  static std::mutex mutex;
  static auto* const all = new std::deque<Semaphore>;
  const std::lock_guard lock(mutex);
  return all->emplace_back(0);
}

}  // namespace rondo
