// The check is one comparison of generations; the rest finds out what to say when it fails, and
// keeps a reference to the home, which knows its creation site and its end after it has gone.

#include "rondo/runtime/home_loop.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo::detail {

bool HomeLoop::is_running() const noexcept {
  const EventLoop* running = running_loop();
  return running != nullptr && running->generation() == generation_;
}

void HomeLoop::settle_or_refuse() {
  const EventLoop& running = get_running_loop();
  if (generation_ != 0) throw_wrong_loop(running);
  handle_ = running.reference();
  generation_ = running.generation();
}

HomeLoop::Reach HomeLoop::reach() const noexcept {
  if (generation_ == 0 || is_running()) return Reach::here;
  if (handle_->is_closed()) return Reach::gone;
  return handle_->get() != nullptr ? Reach::here : Reach::elsewhere;
}

HomeLoop::Reach HomeLoop::refuse_unless_reached(const char* function) const {
  if (const EventLoop* running = running_loop()) throw_wrong_loop(*running);
  const Reach reached = reach();
  if (reached == Reach::elsewhere) handle_->refuse(function, description());
  return reached;
}

void HomeLoop::throw_wrong_loop(const EventLoop& running) const {
  std::string details;
  try {
    if (handle_->is_closed()) handle_->refuse(type_, description());
  } catch (const LoopClosedError& closed) {
    details = closed.what();
  }
  throw WrongLoopError(
      fmt::format("{} belongs to the event loop created at {}, and was used under that created at "
                  "{}",
                  description(), to_string(handle_->created_at()), to_string(running.created_at())),
      std::move(details));
}

void HomeLoop::abandon(WaitQueue& queue) const noexcept {
  if (generation_ == 0 || reach() != Reach::here) return;
  std::exception_ptr failure;
  try {
    throw DestroyedError(description() + " was destroyed while a task waited on it");
  } catch (...) {
    failure = std::current_exception();
  }
  queue.fail_all(failure);
}

std::string HomeLoop::description() const {
  return fmt::format("{} created at {}", type_, to_string(created_at_));
}

}  // namespace rondo::detail
