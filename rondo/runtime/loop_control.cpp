// A handle keeps this block alive, never the loop. The mutex orders "post" and "close": a callback
// is either refused, or in the inbox while the loop can still be woken.

#include "rondo/runtime/loop_control.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/loop_handle.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo {
namespace detail {
namespace {

std::uint64_t next_generation() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

std::string thread_name() {
  if (gettid() == getpid()) return "main";
  std::array<char, 16> name{};
  pthread_getname_np(pthread_self(), name.data(), name.size());
  return name.data();
}

LoopControl::LoopControl(EventLoop& loop, std::source_location created_at)
    : loop_(&loop),
      generation_(next_generation()),
      thread_(std::this_thread::get_id()),
      thread_name_(thread_name()),
      created_at_(created_at) {}

void LoopControl::post(Callback callback) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_closed()) {
      posted_.push_back(std::move(callback));
      has_posted_.store(true, std::memory_order_release);
      if (reactor_ != nullptr) reactor_->wake();
      return;
    }
  }
  throw_closed();
}

std::vector<LoopControl::Callback> LoopControl::take_posted() {
  const std::lock_guard lock(mutex_);
  has_posted_.store(false, std::memory_order_release);
  return std::exchange(posted_, {});
}

void LoopControl::remove_handle() noexcept {
  if (handles_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  // Nobody is left who could wake the loop: it has to look whether it still waits for something.
  const std::lock_guard lock(mutex_);
  if (reactor_ != nullptr) reactor_->wake();
}

void LoopControl::set_reactor(Reactor* reactor) noexcept {
  const std::lock_guard lock(mutex_);
  reactor_ = reactor;
}

void LoopControl::close(std::string closer, std::source_location where, std::string report) {
  std::vector<Callback>
      dropped;  // destroyed outside the lock: a callback's captures may do anything
  const std::lock_guard lock(mutex_);
  closer_ = std::move(closer);
  report_ = std::move(report);
  closed_at_ = where;
  closing_thread_ = thread_name();
  closed_when_ = Clock::now();
  reactor_ = nullptr;
  dropped.swap(posted_);
  has_posted_.store(false, std::memory_order_release);
  closed_.store(true, std::memory_order_release);
}

void LoopControl::throw_closed(const std::string& bound) const {
  const std::lock_guard lock(mutex_);
  const std::chrono::duration<double> age = Clock::now() - closed_when_;
  throw LoopClosedError(
      fmt::format("Event loop is closed: by {} at {} on thread '{}', {:.1f} s ago{}{}", closer_,
                  to_string(closed_at_), closing_thread_, age.count(), bound.empty() ? "" : "; ",
                  bound),
      fmt::format("the loop was created at {} on thread '{}'{}{}", to_string(created_at_),
                  thread_name_, report_.empty() ? "" : "\n", report_));
}

void LoopControl::require_thread(const char* function) const {
  if (std::this_thread::get_id() == thread_) return;
  throw WrongThreadError(
      fmt::format("{} called on thread '{}', but the event loop belongs to thread '{}': use "
                  "call_soon_threadsafe() to hand over",
                  function, thread_name(), thread_name_),
      fmt::format("the loop was created at {}", to_string(created_at_)));
}

}  // namespace detail

void LoopReference::call_soon_threadsafe(std::function<void()> callback) const {
  // On the loop's own thread the inbox would overtake what stands in the ready queue.
  if (EventLoop* loop = get()) {
    loop->call_soon(std::move(callback));
  } else {
    control_->post(std::move(callback));
  }
}

bool LoopReference::is_closed() const noexcept {
  return control_->is_closed();
}

std::uint64_t LoopReference::generation() const noexcept {
  return control_->generation();
}

void LoopReference::refuse_running(std::string_view object,
                                   const std::source_location& created_at) const {
  refuse(object, fmt::format("{} created at {}", object, detail::to_string(created_at)));
}

void LoopReference::require_thread(const char* function) const {
  if (get() == nullptr && !is_closed()) control_->require_thread(function);
}

const std::source_location& LoopReference::created_at() const noexcept {
  return control_->created_at();
}

EventLoop* LoopReference::get() const noexcept {
  if (EventLoop* running = get_running()) return running;
  const bool usable = !control_->is_closed() && control_->thread() == std::this_thread::get_id();
  return usable ? control_->loop() : nullptr;
}

void LoopReference::refuse(std::string_view function, const std::string& object) const {
  if (control_->is_closed()) control_->throw_closed(object + " belonged to it");
  control_->require_thread(std::string(function).c_str());
  const EventLoop* running = detail::running_loop();
  if (running == nullptr) throw NoRunningLoopError(std::string(function));
  throw WrongLoopError(fmt::format(
      "{} belongs to the event loop created at {}, and was used under that created at "
      "{}",
      object, detail::to_string(created_at()), detail::to_string(running->created_at())));
}

LoopHandle::LoopHandle(std::shared_ptr<detail::LoopControl> control) noexcept
    : LoopReference(std::move(control)) {
  control_->add_handle();
}

LoopHandle& LoopHandle::operator=(const LoopHandle& other) noexcept {
  other.control_->add_handle();
  control_->remove_handle();
  control_ = other.control_;
  return *this;
}

LoopHandle::~LoopHandle() {
  control_->remove_handle();
}

}  // namespace rondo
