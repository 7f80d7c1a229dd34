// Before each wait the set is built from the descriptors somebody waits for; one that nobody waits
// for any more leaves the list on that occasion.

#include "rondo/runtime/poll_reactor.hpp"

#include <poll.h>

#include <algorithm>
#include <limits>

namespace rondo::detail {

int PollReactor::watch(int descriptor, Interest& interest) noexcept {
  watched_.push_back(descriptor);
  interest.watched = true;
  return 0;
}

bool PollReactor::poll(std::chrono::milliseconds limit) noexcept {
  std::vector<pollfd> set{{wake_descriptor(), POLLIN, 0}};
  // A descriptor that was closed lost its mark; opened again, it may stand here twice.
  std::sort(watched_.begin(), watched_.end());
  watched_.erase(std::unique(watched_.begin(), watched_.end()), watched_.end());
  std::erase_if(watched_, [&](int descriptor) {
    Interest& interest = interest_of(descriptor);
    interest.watched = interest.reader != nullptr || interest.writer != nullptr;
    const int events = (interest.reader != nullptr ? POLLIN | POLLRDHUP : 0) |
                       (interest.writer != nullptr ? POLLOUT : 0);
    if (interest.watched) set.push_back({descriptor, static_cast<short>(events), 0});
    return !interest.watched;
  });
  constexpr auto kLongest = std::chrono::milliseconds(std::numeric_limits<int>::max());
  const int count =
      ::poll(set.data(), set.size(), static_cast<int>(std::min(limit, kLongest).count()));
  if (count <= 0) return false;
  if (set.front().revents != 0) clear_wake();
  for (auto entry = set.begin() + 1; entry != set.end(); ++entry) {
    if (entry->revents == 0) continue;
    became(entry->fd, static_cast<unsigned short>(entry->revents));
  }
  return true;
}

}  // namespace rondo::detail
