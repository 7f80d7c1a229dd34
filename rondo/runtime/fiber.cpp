// A fiber is suspended (it waits in a Suspension), ready (in the loop's queue), or running. Only
// `run` resumes it, so nothing that wakes or cancels ever runs somebody else's code on its own
// stack.

#include "rondo/runtime/fiber.hpp"

#include <fmt/format.h>

#include "rondo/base/prefetch.hpp"
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
    : FiberEntry(true),
      resume_at_(root),
      base_scope_(loop, this),
      home_(LoopReference::borrow(loop.control_)) {}

void Fiber::start(ScopeNode& scope, FiberObserver& observer,
                  std::source_location spawn_site) noexcept {
  scope.enclose(base_scope_);
  observer_ = &observer;
  spawn_site_ = spawn_site;
  EventLoop& loop = this->loop();
  id_ = loop.add_fiber(*this);
  started_at_ = loop.now();
  retain();
  loop.make_ready(*this);
}

void Fiber::wake() noexcept {
  // It runs soon, and where many wait, much of it has left the processor's cache.
  prefetch<2 * kCacheLine>(resume_at_.address());
  prefetch<sizeof(Fiber)>(this);
  suspension_ = nullptr;
  interrupted_ = false;
  loop().make_ready(*this);
}

void Fiber::yield(std::coroutine_handle<> resume_at, const Promise& innermost) noexcept {
  resume_at_ = resume_at;
  innermost_ = &innermost;
  loop().make_ready(*this);
}

void Fiber::run() noexcept {
  EventLoop& loop = this->loop();
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

const std::string& Fiber::name() const noexcept {
  static const std::string none;
  return name_ ? *name_ : none;
}

void Fiber::outlive_loop() noexcept {
  if (keeps_home_) home_ = loop().reference();
}

void Fiber::refuse(const char* function) const {
  const std::string place = to_string(spawn_site_);
  home_.refuse(function, !name_ ? fmt::format("task spawned at {}", place)
                                : fmt::format("task '{}' spawned at {}", *name_, place));
}

void Fiber::hide() noexcept {
  hidden_ = true;
  loop().remove_fiber(*this);
}

bool Fiber::is_inside(const ScopeNode& root) const noexcept {
  const ScopeNode* scope = &base_scope_;
  while (scope != nullptr && scope != &root) scope = scope->parent();
  return scope != nullptr;
}

bool Fiber::was_cancelled() noexcept {
  const std::exception_ptr& exception = error();
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
  if (!hidden_) loop().remove_fiber(*this);
  base_scope_.ListElement<ChildScopeTag>::unlink();
  observer_->on_fiber_end(*this);
  if (joiners_) joiners_->wake_all();
  if (references_ > 1) outlive_loop();
  release();
}

}  // namespace rondo::detail
