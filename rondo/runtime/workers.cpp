// A worker is a thread around one loop that runs for ever. Everything reaches it through the loop's
// handle, its end too: the thread then closes the loop with the exit sequence of `run`, since no
// other thread may. The calling thread has a loop of its own for the time of a run, which makes a
// run of the workers a task group of calls: failures, cancellation and Ctrl-C need nothing else.

#include "rondo/runtime/workers.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

#include "rondo/base/error.hpp"
#include "rondo/runtime/exit_sequence.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/signals_blocked.hpp"

namespace rondo {
namespace {

unsigned count_or_default(unsigned count) noexcept {
  return count != 0 ? count : std::max(1U, std::thread::hardware_concurrency());
}

/// The options with a log that several threads may use.
RunOptions for_several_threads(RunOptions options) {
  if (options.time != nullptr && options.time->skips_waiting()) {
    throw std::invalid_argument("Workers: a virtual clock is for one loop");
  }
  if (options.log) {
    options.log = [log = std::move(options.log),
                   mutex = std::make_shared<std::mutex>()](std::string_view report) {
      const std::lock_guard lock(*mutex);
      log(report);
    };
  }
  return options;
}

}  // namespace

std::string detail::worker_name(std::size_t index) {
  return fmt::format("worker {}", index);
}

class Workers::Thread {
 public:
  /// Returns when the loop is there; throws what has kept it from being made.
  Thread(std::size_t index, const RunOptions& options, std::source_location where)
      : name_(fmt::format("rondo-loop-{}", index)), options_(options), where_(where) {
    start();
    try {
      loop_.emplace(made_.get_future().get());
    } catch (...) {
      thread_.join();
      throw;
    }
  }
  ~Thread() {
    stop();
    thread_.join();
  }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  [[nodiscard]] const LoopHandle& loop() const noexcept { return *loop_; }

  /// Asks the loop to end.
  void stop() noexcept {
    try {
      loop_->call_soon_threadsafe([] { get_running_loop().stop(); });
    } catch (const LoopClosedError&) {
      // It was asked before, or a task of it has stopped it.
    }
  }

 private:
  void start() {
    try {
      const detail::SignalsBlocked inherited_by_the_thread;
      thread_ = std::thread([this] { serve(); });
    } catch (const std::system_error& error) {
      throw OsError(error.code().value(), "start the thread of a loop");
    }
  }

  void serve() noexcept {
    pthread_setname_np(pthread_self(), name_.c_str());
    try {
      EventLoop loop(options_, where_);
      made_.set_value(loop.handle());
      loop.run_forever(where_);
      detail::ExitSequence(loop).run("Workers", where_);
    } catch (...) {
      made_.set_exception(std::current_exception());  // only the making of the loop throws
    }
  }

  std::string name_;
  const RunOptions& options_;
  std::source_location where_;
  std::promise<LoopHandle> made_;
  std::optional<LoopHandle> loop_;
  std::thread thread_;
};

Workers::Workers(unsigned count, RunOptions options, std::source_location where)
    : options_(for_several_threads(std::move(options))) {
  const unsigned size = count_or_default(count);
  for (unsigned i = 0; i < size; ++i) {
    threads_.push_back(std::make_unique<Thread>(i, options_, where));
    loops_.push_back(threads_.back()->loop());
  }
}

Workers::~Workers() {
  close();
}

void Workers::close() noexcept {
  for (const auto& thread : threads_) thread->stop();  // all first: they end side by side
  threads_.clear();
}

}  // namespace rondo
