// Places are numbered when the group is complete, not on arrival: one who was cancelled before
// leaves no gap, and nobody gets a number twice. Those let through are out of the count at once, so
// the next group may gather before they have gone on.

#include "rondo/runtime/barrier.hpp"

#include <stdexcept>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo {

class Barrier::Place final : public detail::WaitPlace {
 public:
  explicit Place(Barrier& barrier) noexcept : WaitPlace(barrier.waiters_), barrier_(barrier) {}

  void cancel() noexcept override {
    if (is_linked()) --barrier_.n_waiting_;
    WaitPlace::cancel();
  }

  std::size_t index = 0;

 private:
  Barrier& barrier_;
};

Barrier::Barrier(std::size_t parties, std::source_location created_at)
    : parties_(parties), home_("Barrier", created_at) {
  if (parties == 0) throw std::invalid_argument("a Barrier needs at least one party");
}

Task<std::size_t> Barrier::wait() {
  home_.settle();
  if (broken_) throw BrokenBarrierError(home_.description() + " is broken: it was aborted");
  if (n_waiting_ + 1 == parties_) {
    let_through();
    co_return parties_ - 1;
  }
  if (get_running_loop().current_fiber()->is_cancelled()) throw Cancelled();
  Place place(*this);
  ++n_waiting_;
  co_await place;
  co_return place.index;
}

void Barrier::let_through() noexcept {
  n_waiting_ = 0;
  std::size_t index = 0;
  while (auto* place = static_cast<Place*>(waiters_.front())) {
    place->index = index++;
    waiters_.wake_one();
  }
}

void Barrier::abort() {
  home_.require("Barrier::abort()", waiters_);
  broken_ = true;
  turn_away(" is broken: it was aborted");
}

void Barrier::reset() {
  home_.require("Barrier::reset()", waiters_);
  broken_ = false;
  turn_away(" was reset while a task waited at it");
}

void Barrier::turn_away(const char* reason) {
  n_waiting_ = 0;
  waiters_.fail_waiting(std::make_exception_ptr(BrokenBarrierError(home_.description() + reason)));
}

}  // namespace rondo
