// A waiter is told by its place in the queue, not by the flag: it was woken, so the flag was set.

#include "rondo/runtime/event.hpp"

namespace rondo {

void Event::set() {
  home_.require("Event::set()", waiters_);
  is_set_ = true;
  waiters_.wake_all();
}

void Event::clear() {
  home_.require("Event::clear()");
  is_set_ = false;
}

Task<> Event::wait() {
  home_.settle();
  if (!is_set_) co_await waiters_.wait();
}

}  // namespace rondo
