// One queue, one mutex. The state is shared with the threads, so that one which never returns can
// be left behind without leaving it a dangling pool.

#include "rondo/runtime/thread_pool.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/signals_blocked.hpp"

namespace rondo::detail {

struct ThreadPool::Worker {
  std::string name;
  std::thread thread;
  bool has_returned = false;
};

namespace {

struct Job {
  std::function<void()> work;
  const void* owner;
  std::function<void()> done;
};

}  // namespace

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable work_came;
  std::condition_variable worker_returned;
  std::deque<Job> queue;
  std::size_t idle = 0;
  std::size_t running = 0;
  bool ends = false;
};

namespace {

unsigned default_threads() noexcept {
  return std::min(32U, std::max(1U, std::thread::hardware_concurrency()) + 4U);
}

}  // namespace

ThreadPool::ThreadPool(unsigned max_threads)
    : state_(std::make_shared<State>()),
      max_threads_(max_threads != 0 ? max_threads : default_threads()) {}

ThreadPool::~ThreadPool() {
  static_cast<void>(join(Clock::now()));
}

void ThreadPool::submit(std::function<void()> work, const void* owner, std::function<void()> done) {
  bool needs_worker = false;
  {
    const std::lock_guard lock(state_->mutex);
    state_->queue.push_back({std::move(work), owner, std::move(done)});
    needs_worker = state_->queue.size() > state_->idle && workers_.size() < max_threads_;
  }
  if (needs_worker) start_worker();
  state_->work_came.notify_one();
}

bool ThreadPool::withdraw(const void* owner) noexcept {
  const std::lock_guard lock(state_->mutex);
  auto& queue = state_->queue;
  const auto job =
      std::find_if(queue.begin(), queue.end(), [&](const Job& one) { return one.owner == owner; });
  if (job == queue.end()) return false;
  queue.erase(job);
  return true;
}

void ThreadPool::start_worker() {
  auto worker = std::make_shared<Worker>();
  worker->name = fmt::format("rondo-worker-{}", workers_.size() + 1);
  try {
    const SignalsBlocked inherited_by_the_thread;
    worker->thread = std::thread(&ThreadPool::serve, state_, worker);
  } catch (const std::system_error& error) {
    if (!workers_.empty()) return;  // those that are there will get to it
    const std::lock_guard lock(state_->mutex);
    state_->queue.pop_back();
    throw OsError(error.code().value(), "start a worker thread");
  }
  workers_.push_back(std::move(worker));
}

void ThreadPool::serve(const std::shared_ptr<State>& state, const std::shared_ptr<Worker>& worker) {
  pthread_setname_np(pthread_self(), worker->name.c_str());
  std::unique_lock lock(state->mutex);
  while (true) {
    ++state->idle;
    state->work_came.wait(lock, [&] { return state->ends || !state->queue.empty(); });
    --state->idle;
    if (state->ends) break;
    Job job = std::move(state->queue.front());
    state->queue.pop_front();
    ++state->running;
    lock.unlock();
    job.work();
    job.work = nullptr;
    lock.lock();
    --state->running;
    // Under the lock: a loop that sleeps because the pool was busy is woken after it no longer is.
    if (job.done) job.done();
  }
  worker->has_returned = true;
  state->worker_returned.notify_all();
}

bool ThreadPool::is_busy() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->running > 0 || !state_->queue.empty();
}

std::vector<std::string> ThreadPool::join(Clock::time_point deadline) {
  std::vector<std::string> late;
  std::deque<Job> dropped;
  {
    std::unique_lock lock(state_->mutex);
    state_->ends = true;
    dropped.swap(state_->queue);
    state_->work_came.notify_all();
    state_->worker_returned.wait_until(lock, deadline, [&] {
      return std::all_of(workers_.begin(), workers_.end(),
                         [](const auto& worker) { return worker->has_returned; });
    });
    for (const auto& worker : workers_) {
      if (!worker->has_returned) late.push_back(worker->name);
    }
  }
  for (const auto& worker : workers_) {
    const bool is_late = std::find(late.begin(), late.end(), worker->name) != late.end();
    is_late ? worker->thread.detach() : worker->thread.join();
  }
  workers_.clear();
  return late;
}

}  // namespace rondo::detail
