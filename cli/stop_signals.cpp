// The signals are blocked and read from a descriptor: there is no handler, and nothing that one
// could interrupt.

#include "cli/stop_signals.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/wait_ready.hpp"

namespace rondo::cli {
namespace {

bool has_default_action(int number) noexcept {
  struct sigaction current{};
  return ::sigaction(number, nullptr, &current) == 0 && current.sa_handler == SIG_DFL;
}

sigset_t set_of(const std::vector<int>& numbers) noexcept {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : numbers) ::sigaddset(&set, number);
  return set;
}

}  // namespace

StopSignals::StopSignals() {
  for (const int number : {SIGTERM, SIGHUP}) {
    if (has_default_action(number)) taken_.push_back(number);
  }
  const sigset_t set = set_of(taken_);
  descriptor_ = Descriptor(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!descriptor_) throw OsError(errno, "prepare for signals");
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

StopSignals::~StopSignals() {
  let_act();
}

Task<> StopSignals::wait() {
  signalfd_siginfo signal{};
  while (received_ == 0) {
    co_await wait_readable(descriptor_.get());
    const auto count = ::read(descriptor_.get(), &signal, sizeof signal);
    if (count == sizeof signal) received_ = static_cast<int>(signal.ssi_signo);
  }
  let_act();
}

void StopSignals::let_act() noexcept {
  const sigset_t set = set_of(std::exchange(taken_, {}));
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace rondo::cli
