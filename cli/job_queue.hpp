#pragma once
// Between the reader of the input and the workers.

#include <cstddef>
#include <optional>

#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/host_queues.hpp"
#include "cli/job.hpp"

namespace rondo::cli {

/// One reader puts jobs in, any number of workers take them out. Holds a bounded part of the input,
/// which is as far as one can look for a host that is not busy.
class JobQueue {
 public:
  static constexpr std::size_t kMaxJobs = 16384;
  static constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

  explicit JobQueue(std::size_t limit_per_host) : queues_(limit_per_host) {}

  /// Waits while the queue is full.
  Task<> push(Job job);

  /// There will be no more jobs.
  void close();

  /// The next job; nothing when the queue is closed and empty. Waits while every host with jobs is
  /// busy.
  Task<std::optional<HostQueues::Taken>> take();

  /// To be called before the worker takes its next job.
  void finished(HostQueues::Host& host) { queues_.finished(host); }

 private:
  [[nodiscard]] bool is_full() const noexcept {
    return queues_.size() >= kMaxJobs || queues_.bytes() >= kMaxBytes;
  }
  [[nodiscard]] bool is_low() const noexcept {
    return queues_.size() <= kMaxJobs / 2 && queues_.bytes() <= kMaxBytes / 2;
  }
  [[nodiscard]] bool has_ended() const noexcept { return is_closed_ && queues_.size() == 0; }
  void wake_worker();
  void wake_reader();

  HostQueues queues_;
  Semaphore jobs_{0};
  Semaphore room_{0};
  std::size_t idle_workers_ = 0;
  bool reader_waits_ = false;
  bool is_closed_ = false;
};

}  // namespace rondo::cli
