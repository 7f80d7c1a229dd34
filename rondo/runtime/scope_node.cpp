// Each node knows the one around it and those directly inside it, and keeps the answer to "is it
// cancelled, seen from here?", so that asking is one load; `spread` brings a cancellation down the
// tree once, stops at shields, and interrupts the waits it finds.

#include "rondo/runtime/scope_node.hpp"

#include <new>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo::detail {

void ScopeNode::cancel(std::string reason, std::source_location where) {
  loop_->require_thread("CancelScope::cancel()");
  if (cancel_called_) return;
  cancel_called_ = true;
  // Without memory for the reason there is none.
  cancellation_.reset(new (std::nothrow) Cancellation{std::move(reason), where});
  spread();
}

const std::string& ScopeNode::reason() const noexcept {
  static const std::string none;
  return cancellation_ ? cancellation_->reason : none;
}

void ScopeNode::spread() noexcept {
  // Scopes nest as deep as users' tasks do: no recursion here.
  ScopeNode* scope = this;
  while (true) {
    const bool is_reached = scope == this || !scope->shielded_;
    ScopeNode* next = nullptr;
    if (is_reached && scope->take_effect()) next = scope->children_.front();
    while (next == nullptr && scope != this) {
      next = scope->parent_->children_.next(*scope);
      scope = scope->parent_;
    }
    if (next == nullptr) return;
    scope = next;
  }
}

bool ScopeNode::take_effect() noexcept {
  if (effective_) return false;
  effective_ = true;
  const bool fiber_is_here = fiber_ != nullptr && &fiber_->scope() == this;
  if (fiber_is_here) fiber_->interrupt();
  return true;
}

}  // namespace rondo::detail
