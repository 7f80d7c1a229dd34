// A worker that finishes a job takes the next one without waiting, so nothing here happens in the
// common case but a push and a take. Who must wait is counted, and woken by whoever makes what it
// waits for.

#include "cli/job_queue.hpp"

#include <utility>

namespace rondo::cli {

Task<> JobQueue::push(Job job) {
  while (is_full()) {
    reader_waits_ = true;
    co_await room_.acquire();
  }
  queues_.push(std::move(job));
  if (queues_.has_ready()) wake_worker();
}

void JobQueue::close() {
  is_closed_ = true;
  while (has_ended() && idle_workers_ > 0) wake_worker();
}

Task<std::optional<HostQueues::Taken>> JobQueue::take() {
  while (true) {
    auto taken = queues_.take();
    if (taken) {
      if (queues_.has_ready()) wake_worker();
      if (is_low()) wake_reader();
      co_return taken;
    }
    if (has_ended()) {
      wake_worker();  // who sees the same, and wakes the next
      co_return std::nullopt;
    }
    ++idle_workers_;
    co_await jobs_.acquire();
  }
}

void JobQueue::wake_worker() {
  if (idle_workers_ == 0) return;
  --idle_workers_;
  jobs_.release();
}

void JobQueue::wake_reader() {
  if (std::exchange(reader_waits_, false)) room_.release();
}

}  // namespace rondo::cli
