// The task owns the connection. It stands among those that the loop tells of its end from the
// moment it is started, which may be after its first step could still have come.

#include "rondo/http/draining.hpp"

#include <memory>
#include <utility>

#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/cancelled.hpp"

namespace rondo::http {
namespace {

class Draining final : private rondo::detail::LoopResident {
 public:
  Draining(EventLoop& loop, Lease lease, BodySource& source)
      : lease_(std::move(lease)), source_(source) {
    loop.add_resident(*this);
  }

  Task<> run() {
    if (is_given_up_) co_return;
    CancelScope scope(kDrainLimit);
    scope_ = &scope;
    try {
      while (!source_.at_end()) {
        if (source_.take().empty()) co_await source_.fill(std::nullopt);
      }
    } catch (const Cancelled&) {
      is_given_up_ = true;
    } catch (const ExchangeFailure&) {
      is_given_up_ = true;
    }
    scope_ = nullptr;
  }

 private:
  void on_loop_exit([[maybe_unused]] rondo::detail::ExitReport& report) noexcept override {
    is_given_up_ = true;
    if (scope_ != nullptr) scope_->cancel("the event loop is closing");
  }

  Lease lease_;
  BodySource& source_;
  CancelScope* scope_ = nullptr;  // while it runs
  bool is_given_up_ = false;
};

Task<> see_through(std::unique_ptr<Draining> draining) {
  co_await draining->run();
}

}  // namespace

void drain_in_background(EventLoop& loop, Lease lease, BodySource& source) {
  loop.finish_in_background(
      see_through(std::make_unique<Draining>(loop, std::move(lease), source)));
}

}  // namespace rondo::http
