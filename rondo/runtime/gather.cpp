// A failure is noted in the moment it happens: "first" means in time, not in the order of the
// arguments.

#include "rondo/runtime/gather.hpp"

#include "rondo/runtime/cancelled.hpp"

namespace rondo::detail {

GatherGroup::GatherGroup() : loop_(get_running_loop()), scope_(loop_.current_fiber()->scope()) {}

void GatherGroup::start(Fiber& fiber) noexcept {
  children_.add();
  fiber.start(scope_, *this, std::source_location::current());
}

void GatherGroup::on_fiber_end(Fiber& fiber) noexcept {
  if (!first_error_) first_error_ = fiber.error();
  passes_cancellation_on_ |= scope_.is_cancelled() && fiber.was_cancelled();
  children_.remove();
}

void GatherGroup::rethrow(bool throws) const {
  if (throws && first_error_) std::rethrow_exception(first_error_);
  if (passes_cancellation_on_) throw Cancelled();
}

}  // namespace rondo::detail
