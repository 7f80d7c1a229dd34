// Each descriptor is added once, edge-triggered for both directions, and leaves the set by being
// closed: one epoll_ctl in a connection's life.

#include "rondo/runtime/epoll_reactor.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>

#include "rondo/base/error.hpp"

namespace rondo::detail {
namespace {

// Whoever receives something takes memory for it, and lets go of it when its fiber has run: more at
// a time would neither be in reserve nor stay in the processor's cache.
constexpr int kEventsPerWait = 64;

// Events have the same numbers in both.
static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLRDHUP == POLLRDHUP);
static_assert(EPOLLHUP == POLLHUP && EPOLLERR == POLLERR);

int to_timeout(std::chrono::milliseconds limit) noexcept {
  constexpr auto kLongest = std::chrono::milliseconds(std::numeric_limits<int>::max());
  return static_cast<int>(std::min(limit, kLongest).count());
}

}  // namespace

EpollReactor::EpollReactor() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw OsError(errno, "create an epoll instance");
  try {
    watch_own(wake_descriptor(), EPOLLIN, "watch the loop's wake-up descriptor");
    watch_own(timer_.descriptor(), EPOLLIN | EPOLLET, "watch the loop's timer");
  } catch (...) {
    ::close(epoll_);
    throw;
  }
}

EpollReactor::~EpollReactor() {
  ::close(epoll_);
}

void EpollReactor::watch_own(int descriptor, std::uint32_t events, const char* attempted) const {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) throw OsError(errno, attempted);
}

int EpollReactor::watch(int descriptor, Interest& interest) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.fd = descriptor;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) return errno;
  interest.watched = true;
  return 0;
}

bool EpollReactor::poll(std::chrono::milliseconds limit) noexcept {
  // Filled by the kernel as far as it is read.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  std::array<epoll_event, kEventsPerWait> events;
  const int timeout = to_timeout(timer_.limit_wait(limit));
  const int count = ::epoll_wait(epoll_, events.data(), kEventsPerWait, timeout);
  bool has_found = false;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    has_found |= handle(event.data.fd, event.events);
  }
  return has_found;
}

/// Whether that is more than the end of a wait.
bool EpollReactor::handle(int descriptor, std::uint32_t events) noexcept {
  if (descriptor == timer_.descriptor()) {
    timer_.went_off();
    return false;
  }
  if (descriptor == wake_descriptor()) {
    clear_wake();
  } else {
    became(descriptor, events);
  }
  return true;
}

}  // namespace rondo::detail
