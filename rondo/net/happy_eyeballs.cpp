// A race in a task group: the group's body starts the attempts, and between two of them waits for
// whichever comes first: a success, a failure, or the end of the head start. Leaving the group
// cancels the losers.

#include "rondo/net/happy_eyeballs.hpp"

#include <algorithm>
#include <utility>

#include "rondo/net/connect_error.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timer_wheel.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::net {
namespace {

constexpr Clock::duration kLeastDelay = std::chrono::milliseconds(10);

class Race final : private rondo::detail::Timer {
 public:
  Race(Dialer& dialer, std::optional<Clock::duration> delay) noexcept
      : Timer([](Timer& timer) noexcept { static_cast<Race&>(timer).head_start_over(); }),
        dialer_(dialer),
        delay_(delay) {}

  Task<> run(TaskGroup& group, std::vector<SocketAddress> addresses) {
    for (const SocketAddress& address : addresses) {
      ++running_;
      group.spawn(attempt(address));
      co_await wait_for_news();
      if (winner_) break;
    }
    while (!winner_ && running_ > 0) co_await news_.wait();
    group.cancel("another attempt to connect has succeeded");
  }

  std::unique_ptr<ByteStream> result() {
    if (!winner_) throw ConnectError(std::move(failures_));
    return std::move(winner_);
  }

 private:
  /// Tells the body of the race that an attempt has ended, whichever way.
  class Running {
   public:
    explicit Running(Race& race) noexcept : race_(race) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
      --race_.running_;
      race_.news_.wake_all();
    }

   private:
    Race& race_;
  };

  Task<> attempt(SocketAddress address) {
    const Running running(*this);
    try {
      std::unique_ptr<ByteStream> stream = co_await dialer_.dial(address);
      if (!winner_) winner_ = std::move(stream);
    } catch (const std::exception&) {
      failures_.push_back(describe_failure(address, std::current_exception()));
    }
  }

  rondo::detail::Waiter wait_for_news() {
    if (delay_) get_running_loop().schedule(*this, std::max(*delay_, kLeastDelay));
    return news_.wait();
  }

  void head_start_over() noexcept { news_.wake_all(); }

  Dialer& dialer_;
  std::optional<Clock::duration> delay_;
  rondo::detail::WaitQueue news_;
  std::unique_ptr<ByteStream> winner_;
  std::vector<ConnectFailure> failures_;
  std::size_t running_ = 0;
};

}  // namespace

std::vector<SocketAddress> interleave_families(const std::vector<SocketAddress>& addresses,
                                               std::size_t first_count) {
  if (first_count == 0) return addresses;
  std::vector<SocketAddress> first;
  std::vector<SocketAddress> others;
  for (const SocketAddress& address : addresses) {
    (address.family() == addresses.front().family() ? first : others).push_back(address);
  }
  std::vector<SocketAddress> order;
  order.reserve(addresses.size());
  const std::size_t lead = std::min(first_count - 1, first.size());
  for (std::size_t i = 0; i < lead; ++i) order.push_back(first[i]);
  for (std::size_t i = 0; i < std::max(first.size() - lead, others.size()); ++i) {
    if (lead + i < first.size()) order.push_back(first[lead + i]);
    if (i < others.size()) order.push_back(others[i]);
  }
  return order;
}

Task<std::unique_ptr<ByteStream>> connect_to_any(std::vector<SocketAddress> addresses,
                                                 Dialer& dialer, HappyEyeballsOptions options) {
  Race race(dialer, options.attempt_delay);
  std::vector<SocketAddress> order = interleave_families(addresses, options.interleave);
  const auto body = [&](TaskGroup& group) { return race.run(group, std::move(order)); };
  co_await with_task_group(body);
  co_return race.result();
}

}  // namespace rondo::net
