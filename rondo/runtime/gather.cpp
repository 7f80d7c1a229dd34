// A failure is noted in the moment it happens: "first" means in time, not in the order of the
// arguments.

#include "rondo/runtime/gather.hpp"

namespace rondo::detail {

void GatherGroup::adopt(Fiber& fiber) {
  children_.add();
  fiber.start(get_running_loop().current_fiber()->scope(), *this, std::source_location::current());
}

void GatherGroup::on_fiber_end(Fiber& fiber) noexcept {
  if (!first_error_) first_error_ = fiber.error();
  children_.remove();
}

}  // namespace rondo::detail
