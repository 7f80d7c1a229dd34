#include "rondo/net/happy_eyeballs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "rondo/net/connect_error.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/net/stream_pair.hpp"
#include "tests/support/each_backend.hpp"
#include "tests/support/loopback_port.hpp"

namespace rondo::net {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Stands for a connection, and notes its end.
class FakeStream final : public ByteStream {
 public:
  FakeStream(std::string peer, std::vector<std::string>& closed)
      : peer_(std::move(peer)), closed_(closed) {}
  ~FakeStream() override { closed_.push_back(peer_); }

  Task<> shut_down() override { co_return; }
  bool is_quiet() noexcept override { return true; }
  std::string_view peer() const noexcept override { return peer_; }
  bool start(rondo::detail::Operation&) noexcept override { return true; }
  void stop(rondo::detail::Operation&) noexcept override {}

 private:
  std::string peer_;
  std::vector<std::string>& closed_;
};

/// How an attempt goes on: after a while it connects or is refused.
struct Plan {
  milliseconds after{0};
  bool connects = false;
};
constexpr Plan kNeverAnswers{std::chrono::hours(1), false};

/// Follows its plans on the virtual clock, and notes each attempt with its time.
class FakeDialer final : public Dialer {
 public:
  explicit FakeDialer(std::map<std::string, Plan> plans) : plans_(std::move(plans)) {}

  Task<Stream> dial(SocketAddress address) override {
    const std::string name = address.ip_string();
    attempts.push_back(at(name));
    const Plan plan = plans_.at(name);
    try {
      co_await sleep(plan.after);
    } catch (const Cancelled&) {
      cancelled.push_back(at(name));
      throw;
    }
    if (!plan.connects) throw OsError(ECONNREFUSED, "connect to " + address.to_string());
    co_return std::make_unique<FakeStream>(name, closed);
  }

  std::vector<std::string> attempts;
  std::vector<std::string> cancelled;
  std::vector<std::string> closed;

 private:
  /// "::1 at 250"
  std::string at(const std::string& name) const {
    const auto since = get_running_loop().now() - start_;
    return name + " at " + std::to_string(std::chrono::floor<milliseconds>(since).count());
  }

  std::map<std::string, Plan> plans_;
  Clock::time_point start_ = Clock::time_point(1h);
};

std::vector<SocketAddress> addresses(std::vector<std::string> texts) {
  std::vector<SocketAddress> result;
  for (const auto& text : texts) result.push_back(SocketAddress::parse_ip(text, 80).value());
  return result;
}

class HappyEyeballsTest : public test::EachBackend {
 protected:
  /// The winner's address, or the error's message.
  std::string race(FakeDialer& dialer, std::vector<std::string> texts,
                   HappyEyeballsOptions race_options = {}) {
    return run(race_task(dialer, addresses(std::move(texts)), race_options), {.time = &time_});
  }

  [[nodiscard]] milliseconds elapsed() const {
    return std::chrono::duration_cast<milliseconds>(time_.elapsed());
  }

  rondo::testing::VirtualTime time_;

 private:
  static Task<std::string> race_task(FakeDialer& dialer, std::vector<SocketAddress> addresses,
                                     HappyEyeballsOptions race_options) {
    try {
      const Stream winner = co_await connect_to_any(addresses, dialer, race_options);
      EXPECT_THAT(dialer.closed, ::testing::Not(::testing::Contains(std::string(winner->peer()))));
      co_return std::string(winner->peer());
    } catch (const ConnectError& error) {
      co_return error.what();
    }
  }
};
RONDO_ON_EACH_BACKEND(HappyEyeballsTest);

TEST_P(HappyEyeballsTest, UsesTheFirstAddressAloneWhenItAnswersInTime) {
  FakeDialer dialer({{"::1", {249ms, true}}, {"1.1.1.1", {0ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "1.1.1.1"}), "::1");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0"));
}

TEST_P(HappyEyeballsTest, StartsTheNextAttemptAfterTheHeadStart) {
  FakeDialer dialer({{"::1", kNeverAnswers}, {"1.1.1.1", {30ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "1.1.1.1"}), "1.1.1.1");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "1.1.1.1 at 250"));
  EXPECT_THAT(dialer.cancelled, ElementsAre("::1 at 280"));
  EXPECT_EQ(elapsed(), 280ms);
}

TEST_P(HappyEyeballsTest, StartsTheNextAttemptAtOnceAfterAFailure) {
  FakeDialer dialer({{"::1", {40ms, false}}, {"1.1.1.1", {0ms, false}}, {"::2", {5ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "::2", "1.1.1.1"}), "::2");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "1.1.1.1 at 40", "::2 at 40"));
}

TEST_P(HappyEyeballsTest, StartsTheNextAttemptAtOnceWhenAnEarlierOneFailsDuringTheHeadStart) {
  FakeDialer dialer({{"::1", {300ms, false}}, {"1.1.1.1", kNeverAnswers}, {"::2", {1ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "::2", "1.1.1.1"}), "::2");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "1.1.1.1 at 250", "::2 at 300"));
  EXPECT_THAT(dialer.cancelled, ElementsAre("1.1.1.1 at 301"));
}

TEST_P(HappyEyeballsTest, LetsASlowFirstAttemptWinOverLaterOnes) {
  FakeDialer dialer({{"::1", {600ms, true}}, {"1.1.1.1", kNeverAnswers}, {"::2", kNeverAnswers}});
  EXPECT_EQ(race(dialer, {"::1", "::2", "1.1.1.1"}), "::1");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "1.1.1.1 at 250", "::2 at 500"));
  EXPECT_THAT(dialer.cancelled, ElementsAre("1.1.1.1 at 600", "::2 at 600"));
}

TEST_P(HappyEyeballsTest, ClosesTheConnectionThatCameSecondInTheSameMoment) {
  FakeDialer dialer({{"::1", {260ms, true}}, {"1.1.1.1", {10ms, true}}});
  const std::string winner = race(dialer, {"::1", "1.1.1.1"});
  EXPECT_EQ(dialer.closed.size(), 2u);
  EXPECT_EQ(dialer.closed.back(), winner);
  EXPECT_EQ(elapsed(), 260ms);
}

TEST_P(HappyEyeballsTest, TakesTheAttemptDelayFromTheOptions) {
  FakeDialer dialer({{"::1", kNeverAnswers}, {"1.1.1.1", {1ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "1.1.1.1"}, {.attempt_delay = 100ms}), "1.1.1.1");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "1.1.1.1 at 100"));
}

TEST_P(HappyEyeballsTest, GivesAHeadStartOfTenMillisecondsAtLeast) {
  FakeDialer dialer({{"::1", kNeverAnswers}, {"1.1.1.1", {1ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "1.1.1.1"}, {.attempt_delay = -1s}), "1.1.1.1");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "1.1.1.1 at 10"));
}

TEST_P(HappyEyeballsTest, TriesOneAfterTheOtherWithoutADelay) {
  FakeDialer dialer({{"::1", {5min, false}}, {"1.1.1.1", {1ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "1.1.1.1"}, {.attempt_delay = std::nullopt}), "1.1.1.1");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "1.1.1.1 at 300000"));
}

TEST_P(HappyEyeballsTest, KeepsTheOrderWhenToldTo) {
  FakeDialer dialer({{"::1", kNeverAnswers}, {"::2", kNeverAnswers}, {"1.1.1.1", {1ms, true}}});
  EXPECT_EQ(race(dialer, {"::1", "::2", "1.1.1.1"}, {.interleave = 0}), "1.1.1.1");
  EXPECT_THAT(dialer.attempts, ElementsAre("::1 at 0", "::2 at 250", "1.1.1.1 at 500"));
}

TEST_P(HappyEyeballsTest, WaitsForTheLastAttemptWithoutALimit) {
  FakeDialer dialer({{"::1", {5min, false}}, {"1.1.1.1", {10min, true}}});
  EXPECT_EQ(race(dialer, {"::1", "1.1.1.1"}), "1.1.1.1");
  EXPECT_EQ(elapsed(), 10min + 250ms);
}

TEST_P(HappyEyeballsTest, ListsEveryAddressWithItsReasonWhenAllFail) {
  FakeDialer dialer({{"::1", {300ms, false}}, {"1.1.1.1", {10ms, false}}});
  EXPECT_EQ(race(dialer, {"::1", "1.1.1.1"}),
            "cannot connect to any of 2 addresses: 1.1.1.1:80: Connection refused; "
            "[::1]:80: Connection refused");
  EXPECT_EQ(elapsed(), 300ms);
}

TEST_P(HappyEyeballsTest, SpeaksPlainlyOfASingleAddress) {
  FakeDialer dialer({{"::1", {0ms, false}}});
  EXPECT_EQ(race(dialer, {"::1"}), "cannot connect to [::1]:80: Connection refused");
}

TEST_P(HappyEyeballsTest, RefusesAnEmptyList) {
  FakeDialer dialer({});
  EXPECT_EQ(race(dialer, {}), "cannot connect: there is no address to connect to");
}

Task<> race_within(Clock::duration limit, FakeDialer& dialer) {
  const std::vector<SocketAddress> list = addresses({"::1", "1.1.1.1"});
  EXPECT_THROW(co_await timeout(limit, connect_to_any(list, dialer)), TimeoutError);
}

TEST_P(HappyEyeballsTest, CancelsAllAttemptsWhenItIsCancelled) {
  FakeDialer dialer({{"::1", kNeverAnswers}, {"1.1.1.1", kNeverAnswers}});
  run(race_within(400ms, dialer), {.time = &time_});
  EXPECT_THAT(dialer.cancelled, ElementsAre("::1 at 400", "1.1.1.1 at 400"));
  EXPECT_THAT(dialer.closed, IsEmpty());
}

Task<> race_for_real(int closed_port) {
  TcpListener listener(SocketAddress::loopback(0));
  const std::vector<SocketAddress> list{
      SocketAddress::loopback(static_cast<std::uint16_t>(closed_port), SocketAddress::Family::ipv6),
      listener.local_address()};
  SocketDialer dialer;
  auto both = co_await gather(connect_to_any(list, dialer), listener.accept());
  EXPECT_EQ(std::get<0>(both)->peer(), listener.local_address().to_string());
}

TEST_P(HappyEyeballsTest, ConnectsRealSockets) {
  run(race_for_real(test::free_port()));
}

TEST(InterleaveFamilies, TakesTheFamiliesInTurns) {
  const auto order = [](std::vector<std::string> texts, std::size_t first_count = 1) {
    std::vector<std::string> result;
    for (const auto& address : interleave_families(addresses(std::move(texts)), first_count)) {
      result.push_back(address.ip_string());
    }
    return result;
  };
  EXPECT_THAT(order({"::1", "::2", "::3", "1.1.1.1", "2.2.2.2"}),
              ElementsAre("::1", "1.1.1.1", "::2", "2.2.2.2", "::3"));
  EXPECT_THAT(order({"1.1.1.1", "::1", "::2", "::3"}), ElementsAre("1.1.1.1", "::1", "::2", "::3"));
  EXPECT_THAT(order({"1.1.1.1", "2.2.2.2"}), ElementsAre("1.1.1.1", "2.2.2.2"));
  EXPECT_THAT(order({}), IsEmpty());
  EXPECT_THAT(order({"::1", "::2", "::3", "1.1.1.1"}, 2),
              ElementsAre("::1", "::2", "1.1.1.1", "::3"));
  EXPECT_THAT(order({"::1", "1.1.1.1"}, 5), ElementsAre("::1", "1.1.1.1"));
  EXPECT_THAT(order({"::1", "::2", "1.1.1.1"}, 0), ElementsAre("::1", "::2", "1.1.1.1"));
  EXPECT_THAT(order({}, 0), IsEmpty());
}

TEST(ConnectError, KeepsTheExceptionsAndALineForEach) {
  const auto refused = std::make_exception_ptr(OsError(ECONNREFUSED, "connect to 127.0.0.1:1"));
  const auto late = std::make_exception_ptr(TimeoutError("timed out after 1 s"));
  const ConnectError error({describe_failure(SocketAddress::loopback(1), refused),
                            describe_failure(SocketAddress::loopback(2), late)});
  ASSERT_EQ(error.failures().size(), 2u);
  EXPECT_EQ(error.failures()[0].reason, "Connection refused");
  EXPECT_EQ(error.failures()[0].error, refused);
  EXPECT_EQ(error.details(), "127.0.0.1:1: Connection refused\n127.0.0.1:2: timed out after 1 s");
}

}  // namespace
}  // namespace rondo::net
