#pragma once
// The loop that runs on the calling thread.

namespace rondo {

class EventLoop;

namespace detail {

class LoopControl;

/// Constant-initialised, and known when the program starts: an access is one load.
[[gnu::tls_model("initial-exec")]] extern thread_local constinit EventLoop* loop_of_thread;

/// The part of that loop that outlives it: what a `LoopReference` knows it by.
[[gnu::tls_model(
    "initial-exec")]] extern thread_local constinit const LoopControl* control_of_thread;

/// Throws `NoRunningLoopError`.
[[noreturn]] void refuse_without_loop();

/// The loop that runs on this thread, or null.
inline EventLoop* running_loop() noexcept {
  return loop_of_thread;
}

}  // namespace detail

/// The loop that runs on this thread. Throws `NoRunningLoopError` when there is none.
inline EventLoop& get_running_loop() {
  if (detail::loop_of_thread == nullptr) detail::refuse_without_loop();
  return *detail::loop_of_thread;
}

}  // namespace rondo
