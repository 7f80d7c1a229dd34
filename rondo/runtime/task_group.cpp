// Children start in the group's scope, so cancelling the scope reaches the body and all of them,
// however deep.

#include "rondo/runtime/task_group.hpp"

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/exception_group.hpp"

namespace rondo {

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
  if (fiber.was_cancelled()) {
    passes_cancellation_on_ |= scope_.is_cancelled_outside();
  } else if (const auto error = fiber.error()) {
    failures_.push_back(error);
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
    failures_.push_back(std::move(error));
    scope_.cancel("the body of the group failed");
  }
}

void TaskGroup::rethrow_failures() const {
  if (failures_.size() == 1) std::rethrow_exception(failures_.front());
  if (!failures_.empty()) throw ExceptionGroup(failures_);
  if (passes_cancellation_on_) throw Cancelled();
}

}  // namespace rondo
