#include "rondo/runtime/spin.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/reactor.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/to_thread.hpp"
#include "rondo/runtime/wait_ready.hpp"

#include "on_each_backend.hpp"
#include "polled_reactor.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

/// Notes how it is polled. Each look takes 10 us of a time of its own, a sleep what it may.
class SpunReactor final : public PolledReactor, public TimeSource {
 public:
  bool poll(std::chrono::milliseconds limit) noexcept override {
    if (limit == 0ms) {
      ++looks;
      time_ += 10us;
      return looks == found_at;
    }
    sleeps.push_back(limit);
    return true;
  }

  Clock::time_point now() const noexcept override { return time_; }

  int looks = 0;
  int found_at = -1;
  std::vector<std::chrono::milliseconds> sleeps;

 private:
  Clock::time_point time_{};
};

using Sleeps = std::vector<std::chrono::milliseconds>;

TEST(Spin, LooksForAsLongAsItMayAndThenSleepsForTheRest) {
  SpunReactor reactor;
  detail::poll_spinning(reactor, reactor, 1ms, 5ms);
  EXPECT_EQ(reactor.looks, 100);
  EXPECT_EQ(reactor.sleeps, Sleeps{4ms});
}

TEST(Spin, SleepsWithoutEndWhereThereIsNoTimer) {
  SpunReactor reactor;
  detail::poll_spinning(reactor, reactor, 50us, detail::Reactor::kForever);
  EXPECT_EQ(reactor.looks, 5);
  EXPECT_EQ(reactor.sleeps, Sleeps{detail::Reactor::kForever});
}

TEST(Spin, EndsWithWhatItFinds) {
  SpunReactor reactor;
  reactor.found_at = 7;
  detail::poll_spinning(reactor, reactor, 1ms, detail::Reactor::kForever);
  EXPECT_EQ(reactor.looks, 7);
  EXPECT_EQ(reactor.sleeps, Sleeps{});
}

TEST(Spin, EndsWithTheTimerThatIsDueFirst) {
  SpunReactor reactor;
  detail::poll_spinning(reactor, reactor, 1h, 2ms);
  EXPECT_EQ(reactor.looks, 200);
  EXPECT_EQ(reactor.sleeps, Sleeps{});
}

class SpinTest : public OnEachBackend {
 protected:
  RunOptions spinning(Clock::duration spin) {
    RunOptions options = real_time_options();
    options.spin = spin;
    return options;
  }
};
RONDO_ON_EACH_BACKEND(SpinTest);

TEST_P(SpinTest, TimersThreadsAndDescriptorsAreMet) {
  for (const Clock::duration spin : {Clock::duration(50us), Clock::duration(1h)}) {
    auto amain = [&]() -> Task<> {
      const auto begun = Clock::now();
      co_await sleep(3ms);
      EXPECT_GE(Clock::now() - begun, 3ms);
      const int from_thread = co_await to_thread([] { return 5; });
      EXPECT_EQ(from_thread, 5);
      auto [ours, theirs] = socket_pair();
      std::thread writer([peer = theirs.get()] { put(peer, "x"); });
      co_await wait_readable(ours.get());
      writer.join();
    };
    rondo::run(amain(), spinning(spin));
  }
}

TEST_P(SpinTest, AWakeFromOutsideEndsIt) {
  EventLoop loop(spinning(1h));
  const auto handle = loop.handle();
  std::latch runs(1);
  std::thread other([&] {
    runs.wait();
    handle.call_soon_threadsafe([&] { loop.stop(); });
  });
  loop.call_soon([&] { runs.count_down(); });
  loop.run_forever();
  other.join();
}

TEST_P(SpinTest, IsOffUnderVirtualTime) {
  RunOptions options = this->options();
  options.spin = 1h;
  auto amain = []() -> Task<> { co_await sleep(24h); };
  rondo::run(amain(), options);
  EXPECT_EQ(time_.elapsed(), 24h);
}

}  // namespace
}  // namespace rondo
