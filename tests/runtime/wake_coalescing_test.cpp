#include "rondo/runtime/wake_coalescing.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <cstddef>
#include <thread>
#include <vector>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/reactor.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/wait_ready.hpp"

#include "on_each_backend.hpp"
#include "polled_reactor.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

/// What a poll brings, and how long it takes with all that follows.
struct Traffic {
  std::uint32_t reads;
  std::uint32_t age;  // of each of them, in polls
  Clock::duration turn;
};

// As 64 requests in flight are answered by a server that takes 10 us for each.
constexpr Traffic kSingly{.reads = 1, .age = 64, .turn = 10us};
constexpr Traffic kGathered{.reads = 27, .age = 3, .turn = 290us};

/// Brings the reads that a test wants, and notes how it is polled.
class TrafficReactor final : public PolledReactor {
 public:
  void flush() noexcept override { ++flushes; }

  bool poll(std::chrono::milliseconds limit) noexcept override {
    limits.push_back(limit);
    const Traffic& brought = limit == 0ms ? behind_naps : traffic;
    detail::Operation read([](detail::Operation&) noexcept {});
    read.pending_since = arrivals().polls - brought.age;
    for (std::uint32_t i = 0; i < brought.reads; ++i) arrivals().note_end(read);
    now += brought.turn;
    return brought.reads > 0;
  }

  Traffic traffic{};
  Traffic behind_naps = kGathered;
  Clock::time_point now{1h};
  int flushes = 0;
  std::vector<std::chrono::milliseconds> limits;
};

class WakeCoalescingTest : public ::testing::Test {
 protected:
  static constexpr std::chrono::milliseconds kLimit{17};

  void turns(int count, const Traffic& traffic) {
    reactor_.traffic = traffic;
    for (int i = 0; i < count; ++i) {
      ++reactor_.arrivals().polls;
      coalescing_.poll(reactor_, reactor_.now, kLimit);
    }
  }

  void expect_no_nap_with(const Traffic& traffic) {
    reactor_.limits.clear();
    turns(2000, traffic);
    EXPECT_EQ(reactor_.limits, std::vector(2000, kLimit));
  }

  void expect_naps_with(const Traffic& traffic) {
    turns(600, traffic);
    EXPECT_TRUE(coalescing_.is_on());
  }

  void expect_end_with(const Traffic& behind_naps) {
    expect_naps_with(kSingly);
    reactor_.behind_naps = behind_naps;
    reactor_.limits.clear();
    turns(40, {.reads = 1, .age = 1, .turn = 100us});
    EXPECT_EQ(reactor_.limits.front(), 0ms);
    EXPECT_EQ(reactor_.limits.back(), kLimit);
    EXPECT_FALSE(coalescing_.is_on());
  }

  TrafficReactor reactor_;
  detail::WakeCoalescing coalescing_;
};

TEST_F(WakeCoalescingTest, NapsWhereAnswersThatTookLongComeOneByOne) {
  expect_naps_with(kSingly);
  reactor_.limits.clear();
  reactor_.flushes = 0;
  const auto begun = Clock::now();
  turns(100, kSingly);
  EXPECT_GE(Clock::now() - begun, 100 * 25us);
  EXPECT_EQ(reactor_.flushes, 100);
  EXPECT_EQ(reactor_.limits, std::vector(100, 0ms));
}

TEST_F(WakeCoalescingTest, DoesNotHoldUpOneRequestAfterAnother) {
  expect_no_nap_with({.reads = 1, .age = 1, .turn = 15us});
  EXPECT_EQ(reactor_.flushes, 0);
}

TEST_F(WakeCoalescingTest, DoesNotHoldUpAnswersThatComeSoonerThanAFewNaps) {
  expect_no_nap_with({.reads = 1, .age = 16, .turn = 10us});
}

TEST_F(WakeCoalescingTest, IsNotMisledByAPause) {
  for (int i = 0; i < 10; ++i) {
    expect_no_nap_with({.reads = 1, .age = 16, .turn = 10us});
    reactor_.now += 1h;
  }
}

TEST_F(WakeCoalescingTest, DoesNotHoldUpAFewFastOnesForTheSakeOfManySlowOnes) {
  reactor_.limits.clear();
  for (int i = 0; i < 1000; ++i) {
    turns(2, kSingly);
    turns(1, {.reads = 1, .age = 2, .turn = 10us});
  }
  EXPECT_EQ(reactor_.limits, std::vector(3000, kLimit));
}

TEST_F(WakeCoalescingTest, DoesNotNapWhereANapWouldGatherLittle) {
  turns(256, {.reads = 1, .age = 16, .turn = 10us});
  expect_no_nap_with({.reads = 1, .age = 100, .turn = 30us});
}

TEST_F(WakeCoalescingTest, DoesNotNapWhereMuchComesAtOnceAnyway) {
  expect_no_nap_with({.reads = 64, .age = 1, .turn = 500us});
  expect_no_nap_with({.reads = 256, .age = 4, .turn = 2ms});
}

TEST_F(WakeCoalescingTest, EndsWithTheFirstNapThatGathersLittle) {
  expect_naps_with(kSingly);
  reactor_.behind_naps = {.reads = 3, .age = 3, .turn = 200us};
  reactor_.limits.clear();
  turns(2, kSingly);
  EXPECT_EQ(reactor_.limits, (std::vector{0ms, kLimit}));
}

TEST_F(WakeCoalescingTest, EndsWhenAnswersHaveWaitedForTheNap) {
  expect_end_with({.reads = 20, .age = 1, .turn = 300us});
}

TEST_F(WakeCoalescingTest, EndsWhenTheLoopHardlyRests) {
  expect_end_with({.reads = 80, .age = 3, .turn = 800us});
}

TEST_F(WakeCoalescingTest, LearnsAnewHowLongAWaitLastsInPolls) {
  expect_naps_with(kSingly);
  reactor_.behind_naps = {.reads = 20, .age = 1, .turn = 200us};
  // With naps 3 polls take long; without they take 30 us.
  const Traffic fast{.reads = 1, .age = 3, .turn = 10us};
  for (int i = 0; i < 100 && coalescing_.is_on(); ++i) turns(1, fast);
  expect_no_nap_with(fast);
  reactor_.behind_naps = kGathered;
  expect_naps_with(kSingly);
}

/// Loops over many connections, with and without coalescing.
class CoalescedLoopTest : public OnEachBackend {
 protected:
  RunOptions coalescing(bool coalesce) {
    RunOptions options = real_time_options();
    options.coalesce = coalesce;
    return options;
  }

  void connect(int count) {
    for (int i = 0; i < count; ++i) {
      auto [one, other] = socket_pair();
      ours_.push_back(std::move(one));
      theirs_.push_back(std::move(other));
    }
  }

  std::vector<Descriptor> ours_;
  std::vector<Descriptor> theirs_;
};
RONDO_ON_EACH_BACKEND(CoalescedLoopTest);

// A token goes round: each poll finds it once.
TEST_P(CoalescedLoopTest, ReadsAreJudgedUnlessItIsOff) {
  constexpr std::size_t kConnections = 64;
  constexpr std::uint32_t kRounds = 8;
  connect(kConnections);
  std::uint32_t ended = 0;
  auto pass_on = [&](std::size_t place) -> Task<> {
    for (std::uint32_t i = 0; i < kRounds; ++i) {
      co_await wait_readable(ours_[place].get());
      EXPECT_EQ(take(ours_[place].get()), "x");
      put(theirs_[(place + 1) % kConnections].get(), "x");
    }
    ended = get_running_loop().reactor().arrivals().ended;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (std::size_t i = 0; i < kConnections; ++i) group.spawn(pass_on, i);
      co_await sleep(0s);
      put(theirs_.front().get(), "x");
    });
    take(ours_.front().get());
  };
  rondo::run(amain(), coalescing(false));
  EXPECT_EQ(ended, kConnections * kRounds);
  rondo::run(amain(), coalescing(true));
  EXPECT_LE(ended, 200U);
}

/// Sends back what comes, one connection after the other, `count` times in all.
void answer_in_turn(const std::vector<Descriptor>& peers, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const int peer = peers[i % peers.size()].get();
    pollfd question{.fd = peer, .events = POLLIN, .revents = 0};
    if (::poll(&question, 1, 10'000) != 1) return;
    put(peer, take(peer));
  }
}

TEST_P(CoalescedLoopTest, EverythingIsAnswered) {
  constexpr std::size_t kConnections = 128;
  constexpr std::size_t kRounds = 60;
  connect(kConnections);
  std::size_t answers = 0;
  auto ask = [&](int connection) -> Task<> {
    for (std::size_t i = 0; i < kRounds; ++i) {
      put(connection, "x");
      co_await wait_readable(connection);
      answers += take(connection) == "x" ? 1 : 0;
    }
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (const Descriptor& connection : ours_) group.spawn(ask, connection.get());
      co_return;
    });
  };
  std::thread server([&] { answer_in_turn(theirs_, kConnections * kRounds); });
  rondo::run(amain(), coalescing(true));
  server.join();
  EXPECT_EQ(answers, kConnections * kRounds);
}

}  // namespace
}  // namespace rondo
