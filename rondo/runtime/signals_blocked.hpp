#pragma once
// Threads that take no signals.

#include <signal.h>

namespace rondo::detail {

/// While it exists, the calling thread takes no signal, and no thread that it starts ever does:
/// signals are for the main thread, and one taken elsewhere would interrupt somebody's blocking
/// call.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace rondo::detail
