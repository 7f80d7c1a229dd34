#include "rondo/runtime/event.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class EventTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(EventTest);

TEST_P(EventTest, WakesAllWaitersInTheOrderOfArrival) {
  Event event;
  std::string order;
  auto waiter = [&](char name) -> Task<> {
    co_await event.wait();
    order += name;
  };
  auto setter = [&]() -> Task<> {
    co_await sleep(1s);
    EXPECT_EQ(order, "");
    event.set();
  };
  auto amain = [&]() -> Task<> {
    co_await gather(waiter('a'), waiter('b'), waiter('c'), setter());
  };
  run(amain());
  EXPECT_EQ(order, "abc");
  EXPECT_TRUE(event.is_set());
}

TEST_P(EventTest, ASetEventIsNotWaitedForAndAClearedOneIs) {
  Event event;
  auto amain = [&]() -> Task<> {
    event.set();
    event.set();
    co_await event.wait();
    EXPECT_EQ(time_.elapsed(), 0s);
    event.clear();
    EXPECT_FALSE(event.is_set());
    EXPECT_THROW(co_await timeout(1s, event.wait()), TimeoutError);
  };
  run(amain());
}

// anyio #536: who looks at the flag after waking misses one that is cleared at once.
TEST_P(EventTest, SettingAndClearingInOneTurnWakesThoseWhoWaited) {
  Event event;
  int woken = 0;
  auto waiter = [&]() -> Task<> {
    co_await event.wait();
    ++woken;
  };
  auto pulse = [&]() -> Task<> {
    co_await sleep(1s);
    event.set();
    event.clear();
  };
  auto amain = [&]() -> Task<> { co_await gather(waiter(), waiter(), pulse()); };
  run(amain());
  EXPECT_EQ(woken, 2);
  EXPECT_FALSE(event.is_set());
}

TEST_P(EventTest, ACancelledWaiterKeepsNothingFromTheOthers) {
  Event event;
  std::string order;
  auto waiter = [&](char name) -> Task<> {
    co_await event.wait();
    order += name;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(waiter, 'a');
      auto second = group.spawn(waiter, 'b');
      group.spawn(waiter, 'c');
      co_await sleep(0s);
      first.cancel();
      event.set();
      second.cancel();  // was woken first: it has seen the event
    });
  };
  run(amain());
  EXPECT_EQ(order, "bc");
}

TEST_P(EventTest, DestroyedWithWaitersItThrowsToThem) {
  std::optional<Event> event;
  event.emplace(std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  std::vector<std::string> texts;
  auto waiter = [&]() -> Task<> {
    try {
      co_await event->wait();
    } catch (const DestroyedError& error) {
      texts.emplace_back(error.what());
    }
  };
  auto destroy = [&](bool is_set) -> Task<> {
    co_await sleep(1s);
    if (is_set) event->set();  // those who are woken do not go on before the end of the event
    event.reset();
  };
  auto amain = [&]() -> Task<> {
    co_await gather(waiter(), destroy(false));
    event.emplace(std::source_location::current());
    co_await gather(waiter(), destroy(true));
  };
  run(amain());
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0],
            "Event created at event_test.cpp:" + line + " was destroyed while a task waited on it");
}

}  // namespace
}  // namespace rondo
