// Scopes form a tree: each knows the scope around it and those directly inside it. Each keeps the
// answer to "is it cancelled, seen from here?", so that asking is one load; `spread` brings a
// cancellation down the tree once, stops at shields, and interrupts the waits it finds.

#include "rondo/runtime/cancel_scope.hpp"

#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo {

CancelScope::CancelScope(EventLoop& loop, detail::Fiber* fiber) noexcept
    : Timer(&CancelScope::expire), loop_(&loop), fiber_(fiber) {}

CancelScope::CancelScope(Shield shield) : CancelScope(get_running_loop(), nullptr) {
  fiber_ = loop_->current_fiber();
  if (fiber_ == nullptr) throw NoRunningLoopError("CancelScope");
  shielded_ = shield == Shield::yes;
  fiber_->scope().enclose(*this);
  fiber_->set_scope(*this);
}

CancelScope::CancelScope(Clock::duration limit, Shield shield) : CancelScope(shield) {
  set_deadline(limit);
}

CancelScope::~CancelScope() {
  const bool is_block_of_task = fiber_ != nullptr && &fiber_->scope() == this && parent_ != nullptr;
  if (is_block_of_task) fiber_->set_scope(*parent_);
}

void CancelScope::enclose(CancelScope& child) noexcept {
  child.parent_ = this;
  children_.push_back(child);
  child.effective_ = child.cancel_called_ || (effective_ && !child.shielded_);
}

void CancelScope::cancel(std::string reason, std::source_location where) {
  loop_->require_thread("CancelScope::cancel()");
  if (cancel_called_) return;
  cancel_called_ = true;
  reason_ = std::move(reason);
  cancelled_at_ = where;
  Timer::unlink();
  spread();
}

void CancelScope::spread() noexcept {
  // Scopes nest as deep as users' tasks do: no recursion here.
  CancelScope* scope = this;
  while (true) {
    const bool is_reached = scope == this || !scope->shielded_;
    CancelScope* next = nullptr;
    if (is_reached && scope->take_effect()) next = scope->children_.front();
    while (next == nullptr && scope != this) {
      next = scope->parent_->children_.next(*scope);
      scope = scope->parent_;
    }
    if (next == nullptr) return;
    scope = next;
  }
}

bool CancelScope::take_effect() noexcept {
  if (effective_) return false;
  effective_ = true;
  const bool fiber_is_here = fiber_ != nullptr && &fiber_->scope() == this;
  if (fiber_is_here) fiber_->interrupt();
  return true;
}

void CancelScope::set_deadline(Clock::duration limit) {
  loop_->require_thread("CancelScope::set_deadline()");
  if (!cancel_called_) loop_->schedule(*this, limit);
}

void CancelScope::clear_deadline() {
  loop_->require_thread("CancelScope::clear_deadline()");
  Timer::unlink();
}

void CancelScope::expire(detail::Timer& timer) noexcept {
  auto& scope = static_cast<CancelScope&>(timer);
  scope.deadline_passed_ = true;
  scope.cancel("deadline passed");
}

bool CancelScope::is_cancelled_outside() const noexcept {
  return !shielded_ && parent_ != nullptr && parent_->effective_;
}

}  // namespace rondo
