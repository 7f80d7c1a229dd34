// Children start in the group's scope, so cancelling the scope reaches the body and all of them,
// however deep.

#include "rondo/runtime/task_group.hpp"

#include <fmt/format.h>

#include "rondo/runtime/event_loop.hpp"

namespace rondo {
namespace {

std::string origin_of(const detail::Fiber& fiber) {
  return fiber.name().empty() ? std::string() : fmt::format("task '{}'", fiber.name());
}

}  // namespace

TaskGroup::TaskGroup() : loop_(get_running_loop()) {}

EventLoop& TaskGroup::loop() const {
  loop_.require_current("TaskGroup::spawn()");
  return loop_;
}

std::source_location TaskGroup::here() const noexcept {
  const detail::Fiber* spawner = loop_.current_fiber();
  return spawner == nullptr ? std::source_location() : spawner->place();
}

void TaskGroup::adopt(detail::Fiber& fiber, std::source_location where) {
  children_.add();
  fiber.start(scope_, *this, where);
}

void TaskGroup::on_fiber_end(detail::Fiber& fiber) noexcept {
  const std::exception_ptr& error = fiber.error();
  if (!error) {
    // As nearly all do.
  } else if (fiber.was_cancelled()) {
    passes_cancellation_on_ |= scope_.is_cancelled_outside();
  } else {
    failures_.push_back({error, origin_of(fiber)});
    scope_.cancel("a task of the group failed", fiber.spawn_site());
  }
  children_.remove();
}

void TaskGroup::body_failed(std::exception_ptr error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const Cancelled&) {
    // The group's own cancellation ends here, one from outside or from nowhere does not.
    passes_cancellation_on_ |= scope_.is_cancelled_outside() || !scope_.is_cancelled();
    scope_.cancel("the body of the group was cancelled");
  } catch (...) {
    failures_.push_back({std::move(error), {}});
    scope_.cancel("the body of the group failed");
  }
}

void TaskGroup::add_cleanup(Task<> task, Clock::duration limit, std::source_location where) {
  loop_.require_current("TaskGroup::on_exit()");
  cleanups_.push_back({std::move(task), limit, "on_exit()", where});
}

Task<> TaskGroup::perform_last_cleanup() {
  detail::Cleanup cleanup = std::move(cleanups_.back());
  cleanups_.pop_back();
  try {
    co_await detail::perform(cleanup);
  } catch (const Cancelled&) {
    passes_cancellation_on_ = true;  // nobody has asked for it from outside
  } catch (...) {
    failures_.push_back({std::current_exception(), detail::describe(cleanup)});
  }
}

void TaskGroup::rethrow_failures() const {
  detail::rethrow(failures_);
  if (passes_cancellation_on_) throw Cancelled();
}

}  // namespace rondo
