// Closing finds either getters or putters waiting, never both, and ends their waits alike: there is
// nothing left to get, or no room will be made for what was to be put.

#include "rondo/runtime/queue_state.hpp"

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/queue_errors.hpp"

namespace rondo::detail {

QueueState::~QueueState() {
  home_.abandon(getters_);
  home_.abandon(putters_);
  home_.abandon(joiners_);
}

void QueueState::close() {
  home_.require("Queue::close()", getters_, putters_);
  if (closed_) return;
  const auto failure =
      std::make_exception_ptr(QueueClosedError(home_.description() + " is closed"));
  closed_ = true;
  getters_.fail_waiting(failure);
  putters_.fail_waiting(failure);
}

void QueueState::task_done() {
  home_.require("Queue::task_done()", joiners_);
  if (unfinished_ == 0) {
    throw InvalidStateError("task_done() was called more often than items were put into the " +
                            home_.description());
  }
  --unfinished_;
  if (unfinished_ == 0) joiners_.wake_all();
}

Task<> QueueState::join() {
  home_.settle();
  if (unfinished_ > 0) co_await joiners_.wait();
}

void QueueState::require_open() const {
  if (closed_) throw_closed();
}

void QueueState::throw_closed() const {
  throw QueueClosedError(home_.description() + " is closed");
}

void QueueState::throw_full() const {
  throw QueueFullError(home_.description() + " is full");
}

void QueueState::throw_empty() const {
  throw QueueEmptyError(home_.description() + " is empty");
}

}  // namespace rondo::detail
