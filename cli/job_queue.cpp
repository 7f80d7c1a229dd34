// A worker that finishes a job takes the next one without waiting, so nothing here happens in the
// common case but a push and a take. Who must wait is counted, and woken by whoever makes what it
// waits for.

#include "cli/job_queue.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::cli {

bool JobQueue::try_push(JobPtr& job) {
  if (is_full()) return false;
  queues_.push(std::move(job), now());
  if (queues_.has_ready()) wake_worker();
  return true;
}

Task<> JobQueue::push(JobPtr job) {
  while (!try_push(job)) {
    reader_waits_ = true;
    co_await room_.acquire();
  }
}

void JobQueue::close() {
  is_closed_ = true;
  while (has_ended() && idle_workers_ > 0) wake_worker();
}

std::optional<HostQueues::Taken> JobQueue::try_take() {
  auto taken = queues_.take(now());
  if (!taken) return taken;
  const bool lacks_timekeeper = !has_timekeeper_ && queues_.next_time();
  if (queues_.has_ready() || lacks_timekeeper) wake_worker();
  if (is_low()) wake_reader();
  return taken;
}

Task<std::optional<HostQueues::Taken>> JobQueue::take() {
  while (true) {
    auto taken = try_take();
    if (taken) co_return taken;
    if (has_ended()) {
      wake_worker();  // who sees the same, and wakes the next
      co_return std::nullopt;
    }
    co_await wait_for_work();
  }
}

Clock::time_point JobQueue::now() const {
  return queues_.policy().is_timed() ? get_running_loop().now() : Clock::time_point{};
}

Task<> JobQueue::wait_for_work() {
  ++idle_workers_;
  if (!is_full()) wake_reader();  // what is further on may be for other hosts
  const auto next_time = queues_.next_time();
  if (next_time && !has_timekeeper_) {
    co_await keep_time(*next_time - now());
  } else {
    co_await jobs_.acquire();
  }
}

Task<> JobQueue::keep_time(Clock::duration limit) {
  has_timekeeper_ = true;
  try {
    co_await timeout(std::max<Clock::duration>(limit, std::chrono::milliseconds(1)),
                     jobs_.acquire());
  } catch (const TimeoutError&) {
    --idle_workers_;  // nobody has woken it
  } catch (...) {
    has_timekeeper_ = false;
    throw;
  }
  has_timekeeper_ = false;
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
