// A call is kept alive by itself while it waits in the ready queue or on the timer wheel, so that
// its handle may be forgotten.

#include "rondo/runtime/scheduled_call.hpp"

#include <exception>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/exception_group.hpp"

namespace rondo::detail {

ScheduledCall::ScheduledCall(EventLoop& loop, std::function<void()> callback)
    : Timer([](Timer& timer) noexcept {
        auto& call = static_cast<ScheduledCall&>(timer);
        call.loop_->make_ready(call);
      }),
      loop_(&loop),
      home_(loop.reference()),
      callback_(std::move(callback)) {}

void ScheduledCall::cancel() noexcept {
  if (self_ == nullptr) return;
  const auto keep = std::move(self_);
  cancelled_ = true;
  Runnable::unlink();
  Timer::unlink();
  ListElement<CallTag>::unlink();
  callback_ = nullptr;
}

void ScheduledCall::run() noexcept {
  const auto keep = std::move(self_);
  ListElement<CallTag>::unlink();
  try {
    std::exchange(callback_, nullptr)();
  } catch (...) {
    loop_->log_error("error in a callback: " + describe_whole(std::current_exception()));
  }
}

}  // namespace rondo::detail
