#pragma once
// A program as data: what its tasks do, and how it is stopped.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "rondo/runtime/backend.hpp"

namespace rondo::lifecycle {

using std::chrono::milliseconds;

/// What a step does. `time` and `pick` are its parameters, `branches` the steps inside it.
enum class Action : std::uint8_t {
  sleep,
  yield,
  fail,
  callback,      ///< call_soon or call_later of something that throws
  cancel_scope,  ///< cancels a scope that some task is in
  cancel_task,   ///< cancels a task that was spawned, ended or not
  background,    ///< finish_in_background
  detach,        ///< run_coroutine_threadsafe on the own loop
  thread,        ///< to_thread
  event_wait,
  event_toggle,
  condition_wait,
  condition_notify,
  queue_put,
  queue_get,
  queue_close,
  barrier,
  memory_stream,  ///< reads, at last for ever
  tcp,            ///< the same over loopback
  tls_stream,     ///< the same over TLS, or to an end in good order
  resolve,        ///< asks for a name; the answer comes late, or never
  refuse,         ///< a task that no cancellation ends
  request,
  sequence,
  hop,  ///< run_on another loop, if there is one
  catch_errors,
  group,  ///< a task for each branch, clean-ups as `pick` says: some run into their limit
  gather,
  gather_outcomes,
  wait,
  as_completed,
  timeout,
  shield,  ///< only around what ends by itself
  scope,
  lock,
  semaphore,
  with,
  fail_when_cancelled,
  linger_when_cancelled,
  swallow_cancellation,
};
inline constexpr auto kLastLeaf = Action::request;
inline constexpr auto kLastAction = Action::swallow_cancellation;

struct Step {
  Action action{};
  milliseconds time{};
  unsigned pick = 0;
  std::vector<Step> branches;
};

/// How the program ends, at `Program::stop_at`.
enum class Stop : std::uint8_t {
  never,  ///< it runs to its end, or into a deadlock
  main_returns,
  main_throws,
  main_is_cancelled,
  interrupt,
  stop_and_close,
  stop_and_destroy,
};

struct Program {
  std::uint64_t seed = 0;
  Backend backend = Backend::epoll;
  Stop stop{};
  milliseconds stop_at{};
  Step main;
};

/// Whether `step`, or one inside it, is an `action`.
bool contains(const Step& step, Action action);

/// The program in words, a line for each step.
std::string describe(const Program& program);

}  // namespace rondo::lifecycle
