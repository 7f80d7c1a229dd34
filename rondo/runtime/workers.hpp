#pragma once
// Several loops, each on a thread of its own.
//
//   rondo::Workers workers(4);
//   std::vector<int> counts = workers.run([&](std::size_t index) -> rondo::Task<int> {
//     return crawl(parts[index]);   // on the thread "rondo-loop-<index>"
//   });

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/loop_handle.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/runtime/run_on.hpp"
#include "rondo/runtime/run_options.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/task_value.hpp"

namespace rondo {

namespace detail {

/// "worker 2", as the failures of a run name it.
std::string worker_name(std::size_t index);

template <class T, class Body>
Task<> keep_value_of(std::optional<T>& value, TargetLoop worker, Body body, std::size_t index) {
  value.emplace(co_await run_on_loop<T>(std::move(worker), std::move(body), index));
}

template <class Body>
Task<> run_on_each(const std::vector<LoopHandle>& workers, Body body, std::source_location where) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      auto task = run_on_loop<void>(TargetLoop(workers[i], where), body, i);
      group.spawn(std::move(task), where).set_name(worker_name(i));
    }
    co_return;
  });
}

template <class T, class Body>
Task<std::vector<T>> values_of_each(const std::vector<LoopHandle>& workers, Body body,
                                    std::source_location where) {
  std::vector<std::optional<T>> values(workers.size());
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      auto task = keep_value_of(values[i], TargetLoop(workers[i], where), body, i);
      group.spawn(std::move(task), where).set_name(worker_name(i));
    }
    co_return;
  });
  std::vector<T> all;
  all.reserve(values.size());
  for (auto& value : values) {
    if (!value) throw Cancelled();  // its body has ended itself so
    all.push_back(std::move(*value));
  }
  co_return all;
}

}  // namespace detail

/// A number of loops on as many threads, "rondo-loop-0" and so on. Each is made, run and closed on
/// its own thread, exit sequence included: what `run` promises of its loop holds for each of them.
///
/// Lifetime: made and destroyed on one thread, outside any run or in a task that may wait for it.
/// Threads: handles are for every thread, and so is `run`; runs may overlap.
class Workers {
 public:
  /// Starts `count` loops; 0: one for each processor. `options` are those of each loop, and of the
  /// loop on the calling thread that `run` makes: `shutdown_timeout` is each loop's own,
  /// `handle_sigint` is for `run`, and `log` is called by one thread at a time. Throws `OsError`
  /// when the system refuses a thread or a loop, `std::invalid_argument` for a back end that there
  /// is not, and for a virtual clock: that is for one loop.
  explicit Workers(unsigned count = 0, RunOptions options = {},
                   std::source_location where = std::source_location::current());

  /// As `close()`.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return loops_.size(); }

  /// The loop at `index`, which is less than `size()`: for `run_on`, `run_coroutine_threadsafe` and
  /// `call_soon_threadsafe`. Outlives the workers.
  [[nodiscard]] const LoopHandle& handle(std::size_t index) const { return loops_.at(index); }

  /// Runs `body(index)`, a task, on every loop, and waits, as `rondo::run` does, until all have
  /// ended. Gives their values in the order of the loops. The first that fails cancels the others;
  /// all are awaited; then the failures come out: one as it is, several as an `ExceptionGroup` that
  /// names each "worker <index>". On the main thread Ctrl-C cancels them all, and this throws
  /// `Interrupted` after their clean-up. Throws `LoopRunningError` inside a run: use `run_on`
  /// there; `LoopClosedError` after `close()`.
  ///
  /// Each loop has a copy of `body`, made before the first one starts; what it refers to is used by
  /// several threads at a time.
  template <class Body>
    requires std::invocable<Body&, std::size_t>
  auto run(Body body, std::source_location where = std::source_location::current()) {
    using T = detail::TaskValue<Body, std::size_t>;
    if constexpr (std::is_void_v<T>) {
      rondo::run(detail::run_on_each(loops_, std::move(body), where), options_, where);
    } else {
      return rondo::run(detail::values_of_each<T>(loops_, std::move(body), where), options_, where);
    }
  }

  /// Ends the loops: each cancels what is pending and awaits it, as at the end of `run`, all side
  /// by side. Waits for their threads. What is late after `shutdown_timeout` is named in the log; a
  /// thread that is stuck in a step of a task is waited for. Does nothing the second time.
  void close() noexcept;

 private:
  class Thread;

  RunOptions options_;
  std::vector<std::unique_ptr<Thread>> threads_;
  std::vector<LoopHandle> loops_;
};

}  // namespace rondo
