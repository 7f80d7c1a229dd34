#include "rondo/runtime/queue.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class QueueTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(QueueTest);

TEST_P(QueueTest, GivesTheItemsInOrder) {
  Queue<std::string> queue;
  auto amain = [&]() -> Task<> {
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.maxsize(), 0U);
    co_await queue.put("a");
    queue.put_nowait("b");
    const std::string kept = "c";
    queue.put_nowait(kept);
    EXPECT_EQ(queue.size(), 3U);
    EXPECT_FALSE(queue.full());
    EXPECT_EQ(co_await queue.get(), "a");
    EXPECT_EQ(queue.get_nowait(), "b");
    EXPECT_EQ(co_await queue.get(), kept);
    EXPECT_TRUE(queue.empty());
  };
  run(amain());
}

TEST_P(QueueTest, TakesItemsThatCanOnlyBeMoved) {
  Queue<std::unique_ptr<int>> queue(1);
  auto producer = [&]() -> Task<> {
    for (int i = 0; i < 5; ++i) co_await queue.put(std::make_unique<int>(i));
  };
  auto consumer = [&]() -> Task<int> {
    int sum = 0;
    for (int i = 0; i < 5; ++i) {
      const auto item = co_await queue.get();
      sum += *item;
    }
    co_return sum;
  };
  auto amain = [&]() -> Task<> {
    const auto [none, sum] = co_await gather(producer(), consumer());
    EXPECT_EQ(sum, 10);
  };
  run(amain());
}

TEST_P(QueueTest, NeverHoldsMoreThanItMay) {
  Queue<int> queue(2);
  std::string order;
  auto producer = [&]() -> Task<> {
    for (int i = 0; i < 4; ++i) {
      co_await queue.put(i);
      order += static_cast<char>('0' + i);
    }
  };
  auto consumer = [&]() -> Task<> {
    co_await sleep(1s);
    EXPECT_EQ(order, "01");
    EXPECT_TRUE(queue.full());
    EXPECT_EQ(co_await queue.get(), 0);
    EXPECT_TRUE(queue.full());  // the item that waited has come in at once
    co_await sleep(1s);
    EXPECT_EQ(order, "012");
    for (int i = 1; i < 4; ++i) EXPECT_EQ(co_await queue.get(), i);
  };
  auto amain = [&]() -> Task<> { co_await gather(producer(), consumer()); };
  run(amain());
}

TEST_P(QueueTest, TriesWithoutWaitingAndLeavesARefusedItemAlone) {
  Queue<std::string> queue(1, std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  const auto message_of = [](auto action) -> std::string {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return "no exception";
  };
  const std::string name = "Queue created at queue_test.cpp:" + line;
  EXPECT_EQ(message_of([&] { queue.get_nowait(); }), name + " is empty");
  EXPECT_THROW(queue.get_nowait(), QueueEmptyError);
  queue.put_nowait("a");
  std::string item = "b";
  EXPECT_EQ(message_of([&] { queue.put_nowait(std::move(item)); }), name + " is full");
  EXPECT_THROW(queue.put_nowait(std::move(item)), QueueFullError);
  EXPECT_EQ(item, "b");
  EXPECT_EQ(queue.get_nowait(), "a");
}

TEST_P(QueueTest, ServesGettersInTheOrderOfArrival) {
  Queue<int> queue;
  std::string order;
  auto getter = [&](char name) -> Task<> {
    const int item = co_await queue.get();
    order += name + std::to_string(item);
  };
  auto putter = [&]() -> Task<> {
    co_await sleep(1s);
    for (int i = 0; i < 3; ++i) queue.put_nowait(i);
    EXPECT_TRUE(queue.empty());  // they are the getters' already
    EXPECT_THROW(queue.get_nowait(), QueueEmptyError);
  };
  auto amain = [&]() -> Task<> {
    co_await gather(getter('a'), getter('b'), getter('c'), putter());
  };
  run(amain());
  EXPECT_EQ(order, "a0b1c2");
}

// gh-83055: an item that came later slipped into the room that was made for one that waited.
TEST_P(QueueTest, AnItemThatComesLaterNeverOvertakesOneThatWaits) {
  Queue<int> queue(1);
  std::vector<int> got;
  auto putter = [&](int item) -> Task<> { co_await queue.put(item); };
  auto amain = [&]() -> Task<> {
    co_await queue.put(0);
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(putter, 1);
      group.spawn(putter, 2);
      co_await sleep(1s);
      got.push_back(queue.get_nowait());
      EXPECT_THROW(queue.put_nowait(3), QueueFullError);
      group.spawn(putter, 3);
      for (int i = 1; i < 4; ++i) got.push_back(co_await queue.get());
    });
  };
  run(amain());
  EXPECT_EQ(got, std::vector<int>({0, 1, 2, 3}));
}

// bpo-23812, asyncio #201: the item was given to a getter that was cancelled, and went with it.
TEST_P(QueueTest, AnItemIsNotLostToACancellationInTheSameTurn) {
  for (const bool cancels_first : {true, false}) {
    Queue<int> queue;
    std::string order;
    auto getter = [&](char name) -> Task<> {
      const int item = co_await queue.get();
      order += name + std::to_string(item);
    };
    auto amain = [&]() -> Task<> {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        auto first = group.spawn(getter, 'a');
        auto second = group.spawn(getter, 'b');
        co_await sleep(1s);
        if (cancels_first) first.cancel();
        queue.put_nowait(7);
        if (!cancels_first) first.cancel();
        co_await sleep(1s);
        EXPECT_EQ(order, cancels_first ? "b7" : "a7");
        second.cancel();
        co_await second.wait();
        queue.put_nowait(8);
        EXPECT_EQ(queue.get_nowait(), 8);
      });
    };
    run(amain());
  }
}

// asyncio #343: with a time limit around `get`, an item that came at the limit was swallowed.
TEST_P(QueueTest, ATimeLimitAroundGetNeverSwallowsAnItem) {
  Queue<int> queue;
  std::vector<int> got;
  auto producer = [&]() -> Task<> {
    for (int i = 0; i < 100; ++i) {
      co_await sleep(std::chrono::milliseconds(i % 7));
      co_await queue.put(i);
    }
    queue.close();
  };
  auto consumer = [&]() -> Task<> {
    while (true) {
      try {
        const int item = co_await wait_for(queue.get(), 3ms);
        got.push_back(item);
      } catch (const TimeoutError&) {
        continue;
      } catch (const QueueClosedError&) {
        co_return;
      }
    }
  };
  auto amain = [&]() -> Task<> { co_await gather(producer(), consumer()); };
  run(amain());
  ASSERT_EQ(got.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)], i);
}

// gh-108042: a putter that was woken and cancelled did not wake the next.
TEST_P(QueueTest, RoomIsNotLostToACancelledPutter) {
  for (const bool cancels_first : {true, false}) {
    Queue<int> queue(1);
    std::vector<int> got;
    auto putter = [&](int item) -> Task<> { co_await queue.put(item); };
    auto amain = [&]() -> Task<> {
      co_await queue.put(0);
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        auto first = group.spawn(putter, 1);
        group.spawn(putter, 2);
        co_await sleep(1s);
        if (cancels_first) first.cancel();
        got.push_back(queue.get_nowait());
        if (!cancels_first) first.cancel();
        co_await sleep(1s);
        while (!queue.empty()) got.push_back(queue.get_nowait());
      });
    };
    run(amain());
    // One that is cancelled with its item in the queue has put it.
    EXPECT_EQ(got, cancels_first ? std::vector<int>({0, 2}) : std::vector<int>({0, 1, 2}));
  }
}

TEST_P(QueueTest, NoItemIsLostOrDoubledInAThousandRaces) {
  Queue<int> queue(3);
  std::vector<int> put;
  std::vector<int> got;
  auto putter = [&](int i) -> Task<> {
    co_await sleep(std::chrono::milliseconds(i % 13));
    co_await queue.put(i);
    put.push_back(i);
  };
  auto getter = [&](int i) -> Task<> {
    co_await sleep(std::chrono::milliseconds(i % 5));
    const int item = co_await queue.get();
    got.push_back(item);
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 1000; ++i) {
        auto one = group.spawn(putter, i);
        auto other = group.spawn(getter, i);
        auto cancel_both = [one, other]() mutable {
          one.cancel();
          other.cancel();
        };
        get_running_loop().call_later(std::chrono::milliseconds(i % 17), cancel_both);
      }
      co_return;
    });
  };
  run(amain());
  while (!queue.empty()) got.push_back(queue.get_nowait());
  EXPECT_GT(put.size(), 100U);
  std::sort(put.begin(), put.end());
  std::sort(got.begin(), got.end());
  EXPECT_EQ(put, got);
}

}  // namespace
}  // namespace rondo
