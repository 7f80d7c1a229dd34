#pragma once
// The tree of cancel scopes, as the runtime sees it: every fiber has a node, and so has every block
// that is a `CancelScope`.

#include <cstddef>
#include <memory>
#include <source_location>
#include <string>

#include "rondo/base/intrusive_list.hpp"

namespace rondo {
class EventLoop;
}

namespace rondo::detail {

class Fiber;
struct ChildScopeTag;

/// A region that can be cancelled as a whole. What a `CancelScope` says of itself, without its
/// deadline: a fiber's own scope, and the root of a loop, have none. Loop thread only.
class ScopeNode : public ListElement<ChildScopeTag> {
 public:
  /// `fiber` is null for the root of a loop. It is in no tree yet: see `enclose`.
  ScopeNode(EventLoop& loop, Fiber* fiber, bool shielded = false) noexcept
      : loop_(&loop), fiber_(fiber), shielded_(shielded) {}

  /// Makes `child` a scope directly inside this one.
  void enclose(ScopeNode& child) noexcept {
    child.parent_ = this;
    children_.push_back(child);
    child.effective_ = child.cancel_called_ || (effective_ && !child.shielded_);
  }

  /// As `CancelScope::cancel`.
  void cancel(std::string reason, std::source_location where);

  [[nodiscard]] bool cancel_called() const noexcept { return cancel_called_; }
  [[nodiscard]] bool is_cancelled() const noexcept { return effective_; }
  [[nodiscard]] bool is_cancelled_outside() const noexcept {
    return !shielded_ && parent_ != nullptr && parent_->effective_;
  }
  [[nodiscard]] const std::string& reason() const noexcept;
  [[nodiscard]] std::source_location cancelled_at() const noexcept {
    return cancellation_ ? cancellation_->where : std::source_location();
  }

  [[nodiscard]] EventLoop& loop() const noexcept { return *loop_; }
  [[nodiscard]] ScopeNode* parent() const noexcept { return parent_; }

  /// The fiber whose scope this is, or is a block of; null: the loop's own.
  [[nodiscard]] Fiber* fiber() const noexcept { return fiber_; }

  /// The same of the scope around this one.
  [[nodiscard]] Fiber* parent_fiber() const noexcept {
    return parent_ == nullptr ? nullptr : parent_->fiber_;
  }

 private:
  /// Rare, so it is not in every fiber.
  struct Cancellation {
    std::string reason;
    std::source_location where;
  };

  void spread() noexcept;

  /// False when awaits in this scope throw already.
  bool take_effect() noexcept;

  EventLoop* loop_;
  Fiber* fiber_;
  ScopeNode* parent_ = nullptr;
  IntrusiveList<ScopeNode, ChildScopeTag> children_;
  std::unique_ptr<Cancellation> cancellation_;
  bool shielded_;
  bool cancel_called_ = false;
  bool effective_ = false;
};

}  // namespace rondo::detail
