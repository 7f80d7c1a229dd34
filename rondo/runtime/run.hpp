#pragma once
// `run`, the way into Rondo.
//
//   rondo::Task<> amain() { co_await rondo::sleep(1s); }
//   int main() { rondo::run(amain()); }

#include <source_location>
#include <utility>

#include "rondo/runtime/as_task.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/run_options.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo {

/// Makes a loop, runs `main` to its end, and closes the loop: cancels and awaits what `main` left
/// behind, closes connections, joins worker threads. Gives the value of `main` or throws its
/// exception; throws `Interrupted` after Ctrl-C and `LoopRunningError` inside a running loop.
template <class T>
T run(Task<T> main, RunOptions options = {},
      std::source_location where = std::source_location::current());

/// The same for what else can be awaited: `run(sleep(1s))`.
template <detail::MovableAwaiter Awaiter>
auto run(Awaiter main, RunOptions options = {},
         std::source_location where = std::source_location::current()) {
  return run(detail::as_task(std::move(main)), std::move(options), where);
}

/// Several runs on one loop: what `run` does once, `run()` does here as often as it is called. For
/// one thread.
class Runner {
 public:
  /// Throws `LoopRunningError` inside a running loop.
  explicit Runner(RunOptions options = {},
                  std::source_location where = std::source_location::current())
      : Runner(std::move(options), where, "~Runner()") {}

  /// Closes the loop; see `EventLoop::close`.
  ~Runner();

  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  /// Runs `main` to its end and gives its value or throws its exception. Ctrl-C cancels it and
  /// throws `Interrupted`, once its clean-up is done. Throws `LoopClosedError` after `close()`.
  template <class T>
  T run(Task<T> main, std::source_location where = std::source_location::current());
  template <detail::MovableAwaiter Awaiter>
  auto run(Awaiter main, std::source_location where = std::source_location::current()) {
    return run(detail::as_task(std::move(main)), where);
  }

  /// Ends the loop now; see `EventLoop::close`.
  void close(std::source_location where = std::source_location::current());

  [[nodiscard]] EventLoop& loop() noexcept { return loop_; }

 private:
  template <class T>
  friend T run(Task<T> main, RunOptions options, std::source_location where);

  /// `closer` is what `LoopClosedError` will say has closed the loop.
  Runner(RunOptions options, std::source_location where, const char* closer);

  void drive(detail::Fiber& main, std::source_location where);

  RunOptions options_;
  EventLoop loop_;
  std::source_location where_;
  const char* closer_;
};

template <class T>
T Runner::run(Task<T> main, std::source_location where) {
  loop_.require_usable("Runner::run()");
  auto fiber = detail::FiberFrame<T>::of_task(loop_, std::move(main));
  drive(*fiber, where);
  return fiber->take_result();
}

template <class T>
T run(Task<T> main, RunOptions options, std::source_location where) {
  Runner runner(std::move(options), where, "run()");
  return runner.run(std::move(main), where);
}

}  // namespace rondo
