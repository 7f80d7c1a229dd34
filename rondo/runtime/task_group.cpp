// Children start in the group's scope, so cancelling the scope reaches the body and all of them,
// however deep.

#include "rondo/runtime/task_group.hpp"

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/exception_group.hpp"

namespace rondo {

EventLoop& TaskGroup::loop() {
  return get_running_loop();
}

void TaskGroup::adopt(detail::Fiber& fiber, std::source_location where) {
  children_.add();
  fiber.start(scope_, *this, where);
}

void TaskGroup::on_fiber_end(detail::Fiber& fiber) noexcept {
  if (const auto error = fiber.error(); error && !fiber.was_cancelled()) {
    failures_.push_back(error);
    scope_.cancel("a task of the group failed", fiber.spawn_site());
  }
  children_.remove();
}

void TaskGroup::body_failed(std::exception_ptr error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const Cancelled&) {
    // Whose cancellation it was is told by the scope, once the children have ended.
    scope_.cancel("the body of the group was cancelled");
  } catch (...) {
    failures_.push_back(std::move(error));
    scope_.cancel("the body of the group failed");
  }
}

void TaskGroup::rethrow_failures() const {
  if (failures_.size() == 1) std::rethrow_exception(failures_.front());
  if (!failures_.empty()) throw ExceptionGroup(failures_);
  if (scope_.is_cancelled_outside()) throw Cancelled();
}

}  // namespace rondo
