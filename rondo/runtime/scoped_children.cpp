// The scope belongs to the frame that waits for the children, so a cancellation from outside
// reaches both, and one of the children alone is asked for by the frame before it leaves.

#include "rondo/runtime/scoped_children.hpp"

#include "rondo/runtime/event_loop.hpp"

namespace rondo::detail {

ScopedChildren::ScopedChildren() : loop_(get_running_loop()) {}

void ScopedChildren::start(Fiber& fiber, std::source_location where) noexcept {
  live_.add();
  fiber.start(scope_, *this, where);
}

void ScopedChildren::cancel(const char* reason, std::source_location where) noexcept {
  if (live_.live() > 0) scope_.cancel(reason, where);
}

void ScopedChildren::report(Fiber& fiber) const noexcept {
  if (!fiber.was_cancelled()) loop_.log_lost_error(fiber.error());
}

void ScopedChildren::on_fiber_end(Fiber&) noexcept {
  live_.remove();
}

}  // namespace rondo::detail
