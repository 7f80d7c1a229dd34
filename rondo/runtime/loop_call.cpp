// The sender posts a ticket into the loop's inbox. A ticket that is used begins the call; one that
// is destroyed unused, because the loop closed first, answers it. A call that has begun is a
// resident of the loop until its task ends, so that the loop's very end answers for a task that had
// to be abandoned. Whoever sets `taken_` first - the loop, the ticket's end, or the sender who
// takes the task back - is the only one to touch the task.

#include "rondo/runtime/loop_call.hpp"

#include <fmt/format.h>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo::detail {

class LoopCall::Ticket {
 public:
  explicit Ticket(std::shared_ptr<LoopCall> call) noexcept : call_(std::move(call)) {}
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  ~Ticket() { call_->expire(); }

  void use() const { call_->begin(); }

 private:
  std::shared_ptr<LoopCall> call_;
};

/// Answers for an abandoned task when it is destroyed.
class LoopCall::LastAnswer {
 public:
  explicit LastAnswer(std::shared_ptr<LoopCall> call) noexcept : call_(std::move(call)) {}
  LastAnswer(const LastAnswer&) = delete;
  LastAnswer& operator=(const LastAnswer&) = delete;
  ~LastAnswer() { call_->give_up(); }

 private:
  std::shared_ptr<LoopCall> call_;
};

void LoopCall::send() {
  loop_.call_soon_threadsafe(
      [ticket = std::make_shared<Ticket>(shared_from_this())] { ticket->use(); });
}

bool LoopCall::withdraw() noexcept {
  if (taken_.exchange(true)) return false;
  drop_task();
  return true;
}

void LoopCall::expire() noexcept {
  if (withdraw()) answer_with_error(closed_error("never begun"));
}

void LoopCall::begin() {
  EventLoop& loop = get_running_loop();
  if (loop.is_closing()) return expire();
  if (taken_.exchange(true)) return;
  try {
    begin_on(loop);
  } catch (...) {
    drop_task();
    answer_with_error(std::current_exception());
  }
}

void LoopCall::begin_on(EventLoop& loop) {
  const auto fiber = FiberFrame<void>::of_task(loop, perform());
  fiber_ = &*fiber;
  fiber_->set_answered_for();
  loop.add_resident(*this);
  loop.start(*fiber, where_);
  if (!may_be_cancelled()) waker_.reset();
}

void LoopCall::cancel() noexcept {
  try {
    loop_.call_soon_threadsafe([self = shared_from_this()] { self->cancel_here(); });
  } catch (const LoopClosedError&) {
    // Then the answer is on its way.
  }
}

void LoopCall::cancel_here() noexcept {
  cancel_asked_ = true;
  if (fiber_ != nullptr) fiber_->cancel("its caller on another loop was cancelled", where_);
}

bool LoopCall::may_answer() noexcept {
  LoopResident::unlink();
  fiber_ = nullptr;
  return !std::exchange(answered_, true);
}

void LoopCall::on_loop_exit(ExitReport&) noexcept {
  // The loop may have some turns left, and the task a step in one of them. As it may use what the
  // sender owns, the sender hears of the end when the loop drops its calls, behind the last turn.
  get_running_loop().call_later(Clock::duration::max(),
                                [last = std::make_shared<LastAnswer>(shared_from_this())] {});
}

void LoopCall::give_up() noexcept {
  if (may_answer()) answer_with_error(closed_error("late at the shutdown time-out"));
}

std::exception_ptr LoopCall::told(std::exception_ptr error) const {
  try {
    std::rethrow_exception(error);
  } catch (const Cancelled&) {
    const bool by_the_loop = !cancel_asked_ && get_running_loop().is_closing();
    return by_the_loop ? closed_error("cancelled") : error;
  } catch (...) {
    return error;
  }
}

std::exception_ptr LoopCall::closed_error(const char* fate) const {
  const std::string task =
      fmt::format("the task of {} at {}, {},", function_, to_string(where_), fate);
  try {
    if (loop_.is_closed()) loop_.refuse(function_, task);
    throw LoopClosedError(fmt::format("Event loop is closing; {} belonged to it", task),
                          fmt::format("the loop was created at {}", to_string(loop_.created_at())));
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace rondo::detail
