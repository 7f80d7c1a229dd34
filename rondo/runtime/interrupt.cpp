// The handler only writes to an event descriptor, which an operation on the loop waits for; all
// else happens in the loop's thread. On the second signal the handler itself puts the default
// action back and lets it happen.

#include "rondo/runtime/interrupt.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <source_location>

#include "rondo/base/error.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::detail {
namespace {

std::atomic<int> signal_descriptor{-1};
std::atomic<int> signals_seen{0};

void on_sigint(int number) {
  if (signals_seen.fetch_add(1) > 0) {
    ::signal(number, SIG_DFL);
    ::raise(number);
    return;
  }
  const int saved = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(signal_descriptor.load(), &one, sizeof one);
  errno = saved;
}

}  // namespace

bool InterruptGuard::is_possible_here() noexcept {
  struct sigaction current{};
  ::sigaction(SIGINT, nullptr, &current);
  return gettid() == getpid() && signal_descriptor.load() < 0 && current.sa_handler == SIG_DFL;
}

InterruptGuard::InterruptGuard(EventLoop& loop, Fiber& main)
    : Operation([](Operation& operation) noexcept {
        static_cast<InterruptGuard&>(operation).on_signal();
      }),
      loop_(loop),
      main_(main) {
  kind = Kind::readable;
  descriptor = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (descriptor < 0) throw OsError(errno, "create a descriptor for Ctrl-C");
  signals_seen.store(0);
  signal_descriptor.store(descriptor);
  struct sigaction action{};
  action.sa_handler = &on_sigint;
  ::sigaction(SIGINT, &action, nullptr);
  static_cast<void>(loop_.reactor().submit(*this));
  loop_.add_house_operation();
}

InterruptGuard::~InterruptGuard() {
  ::signal(SIGINT, SIG_DFL);
  signal_descriptor.store(-1);
  if (!interrupted_) loop_.remove_house_operation();
  loop_.reactor().close(descriptor);
}

void InterruptGuard::on_signal() noexcept {
  if (result < 0) return;  // the guard is going
  interrupted_ = true;
  loop_.remove_house_operation();
  main_.cancel("Ctrl-C", std::source_location::current());
}

}  // namespace rondo::detail
