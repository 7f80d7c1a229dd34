#pragma once
// How a run works.

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "rondo/runtime/backend.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo {

/// Options of `run`, `Runner` and `EventLoop`. The defaults are right for most programs.
struct RunOptions {
  Backend backend = Backend::automatic;

  /// What `automatic` tries, one after the other, where RONDO_BACKEND says nothing: the first that
  /// the system lets us have is taken, and the error of the last one thrown when none can be had.
  /// Empty: epoll.
  std::vector<Backend> preferred_backends = {};

  /// For all of the closing together: cancelling what is pending, closing connections, joining
  /// worker threads.
  Clock::duration shutdown_timeout = std::chrono::seconds(5);

  /// At most this many threads work for `to_thread` at a time; 0: 4 more than there are processors,
  /// 32 at most.
  unsigned max_worker_threads = 0;

  /// Before the loop sleeps it looks again and again for as long as this whether something has
  /// come: answers that are microseconds away are met without the cost of sleeping and waking,
  /// which is most of what one request at a time takes. Keeps a processor busy for as long after
  /// each event. 0: it sleeps at once.
  Clock::duration spin{};

  /// Where answers come so fast that the loop would be woken for each, and were waited for much
  /// longer anyway, it naps for some 80 us and is woken once for several: with many requests in
  /// flight a tenth less processor time. Not while `spin` is set.
  bool coalesce = true;

  /// The first Ctrl-C cancels the main task, and the run throws `Interrupted`; the second ends the
  /// process. `run` and `Runner` only, on the main thread only, and for the duration of the run
  /// only.
  bool handle_sigint = true;

  /// Reports each step of a task or callback that holds the loop for more than 100 ms, once for
  /// each place. Also switched on by the environment: `RONDO_DEBUG=1`. Costs two readings of the
  /// clock a step.
  bool debug = false;

  /// Where the loop reads the time; null: the steady clock. Outlives the loop.
  TimeSource* time = nullptr;

  /// Takes the reports that nobody else can receive, one a call, without a line end; empty:
  /// standard error.
  std::function<void(std::string_view)> log = {};
};

}  // namespace rondo
