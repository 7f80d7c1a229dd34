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

  /// So many times as much is held when workers have nothing to do, all hosts in sight being busy.
  static constexpr std::size_t kFarSight = 4;

  explicit JobQueue(std::size_t limit_per_host) : queues_(limit_per_host) {}
  explicit JobQueue(const HostPolicy& policy, std::uint64_t seed = 0) : queues_(policy, seed) {}

  /// Waits while the queue is full.
  Task<> push(JobPtr job);

  /// Takes `job` over unless the queue is full.
  [[nodiscard]] bool try_push(JobPtr& job);

  /// There will be no more jobs.
  void close();

  /// The next job; nothing when the queue is closed and empty. Waits while every host with jobs is
  /// busy.
  Task<std::optional<HostQueues::Taken>> take();

  /// The same without waiting: nothing, too, when there is nothing yet.
  [[nodiscard]] std::optional<HostQueues::Taken> try_take();

  /// To be called before the worker takes its next job.
  void finished(HostQueues::Host& host, const HostOutcome& outcome = {}) {
    queues_.finished(host, outcome, now());
  }

 private:
  [[nodiscard]] bool is_full() const noexcept {
    const bool is_idle = idle_workers_ > 0 && !queues_.has_ready();
    const std::size_t sight = is_idle ? kFarSight : 1;
    return queues_.size() >= kMaxJobs * sight || queues_.bytes() >= kMaxBytes * sight;
  }
  [[nodiscard]] bool is_low() const noexcept {
    return queues_.size() <= kMaxJobs / 2 && queues_.bytes() <= kMaxBytes / 2;
  }
  [[nodiscard]] bool has_ended() const noexcept { return is_closed_ && queues_.size() == 0; }
  [[nodiscard]] Clock::time_point now() const;
  Task<> wait_for_work();
  Task<> keep_time(Clock::duration limit);
  void wake_worker();
  void wake_reader();

  HostQueues queues_;
  Semaphore jobs_{0};
  Semaphore room_{0};
  std::size_t idle_workers_ = 0;
  bool has_timekeeper_ = false;  // a worker who waits no longer than until a host has rested
  bool reader_waits_ = false;
  bool is_closed_ = false;
};

}  // namespace rondo::cli
