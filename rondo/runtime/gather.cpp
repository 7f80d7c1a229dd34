// A failure is noted in the moment it happens: "first" means in time, not in the order of the
// arguments. It weighs more than a cancellation, and what the caller cannot be told goes to the
// log.

#include "rondo/runtime/gather.hpp"

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::detail {

GatherGroup::GatherGroup(bool throws)
    : loop_(get_running_loop()), scope_(loop_.current_fiber()->scope()), throws_(throws) {}

void GatherGroup::start(Fiber& fiber) noexcept {
  children_.add();
  fiber.start(scope_, *this, std::source_location::current());
}

void GatherGroup::on_fiber_end(Fiber& fiber) noexcept {
  if (fiber.was_cancelled()) {
    has_cancelled_ = true;
    passes_cancellation_on_ |= scope_.is_cancelled();
  } else if (!first_failure_) {
    first_failure_ = fiber.error();
  }
  children_.remove();
}

bool GatherGroup::has_error() const noexcept {
  return passes_cancellation_on_ || (throws_ && (first_failure_ || has_cancelled_));
}

void GatherGroup::report_lost(Fiber& fiber) const noexcept {
  const bool is_thrown = throws_ && fiber.error() == first_failure_;
  if (!is_thrown && !fiber.was_cancelled()) loop_.log_lost_error(fiber.error());
}

void GatherGroup::rethrow() const {
  if (throws_ && first_failure_) std::rethrow_exception(first_failure_);
  throw Cancelled();
}

}  // namespace rondo::detail
