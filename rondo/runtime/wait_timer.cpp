// A timer that is set goes off soon enough for a wait that may last as long as the delay it was set
// with, since that began earlier. Only for a shorter one the clock has to be read.

#include "rondo/runtime/wait_timer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/runtime/reactor.hpp"

namespace rondo::detail {
namespace {

/// A longer wait is woken for nothing.
constexpr std::chrono::hours kLongest{24};

}  // namespace

WaitTimer::WaitTimer() : descriptor_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) {
  if (descriptor_ < 0) throw OsError(errno, "create the loop's timer");
}

WaitTimer::~WaitTimer() {
  ::close(descriptor_);
}

std::chrono::milliseconds WaitTimer::limit_wait(std::chrono::milliseconds limit) noexcept {
  if (limit < kShortest) return limit;  // and kForever
  const bool ends_in_time = is_set_ && (delay_ <= limit || end_ <= Clock::now() + limit);
  const bool is_enough = ends_in_time || set(std::min<std::chrono::milliseconds>(limit, kLongest));
  return is_enough ? Reactor::kForever : limit;
}

bool WaitTimer::set(std::chrono::milliseconds delay) noexcept {
  const auto end = Clock::now() + delay;
  const auto whole = std::chrono::floor<std::chrono::seconds>(end.time_since_epoch());
  itimerspec times{};
  times.it_value.tv_sec = whole.count();
  times.it_value.tv_nsec = std::chrono::nanoseconds(end.time_since_epoch() - whole).count();
  is_set_ = ::timerfd_settime(descriptor_, TFD_TIMER_ABSTIME, &times, nullptr) == 0;
  delay_ = delay;
  end_ = end;
  return is_set_;
}

}  // namespace rondo::detail
