#pragma once
// The loop that runs on the calling thread.

namespace rondo {

class EventLoop;

/// The loop that runs on this thread. Throws `NoRunningLoopError` when there is none.
EventLoop& get_running_loop();

namespace detail {

/// Constant-initialised, and known when the program starts: an access is one load.
[[gnu::tls_model("initial-exec")]] extern thread_local constinit EventLoop* loop_of_thread;

/// The loop that runs on this thread, or null.
inline EventLoop* running_loop() noexcept {
  return loop_of_thread;
}

}  // namespace detail

}  // namespace rondo
