// A fiber is suspended (it waits in a Suspension), ready (in the loop's queue), or running. Only
// `run` resumes it, so nothing that wakes or cancels ever runs somebody else's code on its own
// stack.

#include "rondo/runtime/fiber.hpp"

#include <fmt/format.h>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo::detail {
namespace {

constexpr int kInlineBudget = 128;

}  // namespace

TaskNote::TaskNote(Fiber* fiber) noexcept : fiber_(fiber) {
  outer_ = std::exchange(fiber_->note_, this);
}

TaskNote::~TaskNote() {
  fiber_->note_ = outer_;
}

Fiber::Fiber(std::coroutine_handle<> root, EventLoop& loop) noexcept
    : FiberEntry(true), resume_at_(root), loop_(&loop), base_scope_(loop, this) {}

void Fiber::start(CancelScope& scope, FiberObserver& observer,
                  std::source_location spawn_site) noexcept {
  scope.enclose(base_scope_);
  observer_ = &observer;
  spawn_site_ = spawn_site;
  id_ = loop_->add_fiber(*this);
  started_at_ = loop_->now();
  retain();
  loop_->make_ready(*this);
}

void Fiber::wake() noexcept {
  suspension_ = nullptr;
  interrupted_ = false;
  loop_->make_ready(*this);
}

void Fiber::yield(std::coroutine_handle<> resume_at, const Promise& innermost) noexcept {
  resume_at_ = resume_at;
  innermost_ = &innermost;
  loop_->make_ready(*this);
}

void Fiber::run() noexcept {
  EventLoop& loop = *loop_;
  loop.current_fiber_ = this;
  loop.inline_budget_ = kInlineBudget;
  resume_at_.resume();
  loop.current_fiber_ = nullptr;
}

std::vector<std::source_location> Fiber::stack() const {
  std::vector<std::source_location> sites;
  visit_stack([&](const std::source_location& site) { sites.push_back(site); });
  return sites;
}

void Fiber::keep_home() noexcept {
  if (!home_) home_ = loop_->reference();
}

void Fiber::refuse(const char* function) const {
  const std::string place = to_string(spawn_site_);
  home_->refuse(function, name_.empty() ? fmt::format("task spawned at {}", place)
                                        : fmt::format("task '{}' spawned at {}", name_, place));
}

void Fiber::hide() noexcept {
  hidden_ = true;
  loop_->remove_fiber(*this);
}

bool Fiber::is_inside(const CancelScope& root) const noexcept {
  const CancelScope* scope = &base_scope_;
  while (scope != nullptr && scope != &root) scope = scope->parent();
  return scope != nullptr;
}

bool Fiber::was_cancelled() noexcept {
  const std::exception_ptr exception = error();
  if (!exception) return false;
  try {
    std::rethrow_exception(exception);
  } catch (const Cancelled&) {
    return true;
  } catch (...) {
    return false;
  }
}

void Fiber::finish() noexcept {
  ended_ = true;
  innermost_ = nullptr;
  if (!hidden_) loop_->remove_fiber(*this);
  base_scope_.ListElement<ChildScopeTag>::unlink();
  observer_->on_fiber_end(*this);
  joiners_.wake_all();
  release();
}

}  // namespace rondo::detail
