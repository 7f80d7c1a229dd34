// A block of a task as a node of the tree of scopes, and a deadline.

#include "rondo/runtime/cancel_scope.hpp"

#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo {
namespace {

detail::Fiber* require_fiber() {
  detail::Fiber* fiber = get_running_loop().current_fiber();
  if (fiber == nullptr) throw NoRunningLoopError("CancelScope");
  return fiber;
}

}  // namespace

CancelScope::CancelScope(Shield shield)
    : ScopeNode(get_running_loop(), require_fiber(), shield == Shield::yes),
      Timer(&CancelScope::expire) {
  fiber()->scope().enclose(*this);
  fiber()->set_scope(*this);
}

CancelScope::CancelScope(Clock::duration limit, Shield shield) : CancelScope(shield) {
  set_deadline(limit);
}

CancelScope::~CancelScope() {
  if (&fiber()->scope() == this) fiber()->set_scope(*parent());
}

void CancelScope::cancel(std::string reason, std::source_location where) {
  ScopeNode::cancel(std::move(reason), where);
  Timer::unlink();
}

void CancelScope::set_deadline(Clock::duration limit) {
  loop().require_thread("CancelScope::set_deadline()");
  if (!cancel_called()) loop().schedule(*this, limit);
}

void CancelScope::clear_deadline() {
  loop().require_thread("CancelScope::clear_deadline()");
  Timer::unlink();
}

void CancelScope::expire(detail::Timer& timer) noexcept {
  auto& scope = static_cast<CancelScope&>(timer);
  scope.deadline_passed_ = true;
  scope.cancel("deadline passed");
}

}  // namespace rondo
