// How a queue ends: closing, finished work, destruction.

#include <gtest/gtest.h>

#include <optional>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/queue.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class QueueCloseTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(QueueCloseTest);

TEST_P(QueueCloseTest, GivesWhatIsLeftAndThenThrows) {
  Queue<int> queue(0, std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  auto amain = [&]() -> Task<> {
    co_await queue.put(1);
    co_await queue.put(2);
    EXPECT_FALSE(queue.is_closed());
    queue.close();
    queue.close();
    EXPECT_TRUE(queue.is_closed());
    EXPECT_THROW(co_await queue.put(3), QueueClosedError);
    EXPECT_THROW(queue.put_nowait(3), QueueClosedError);
    EXPECT_EQ(co_await queue.get(), 1);
    EXPECT_EQ(queue.get_nowait(), 2);
    EXPECT_THROW(queue.get_nowait(), QueueClosedError);
    try {
      co_await queue.get();
      ADD_FAILURE() << "no exception";
    } catch (const QueueClosedError& error) {
      EXPECT_EQ(std::string(error.what()),
                "Queue created at queue_close_test.cpp:" + line + " is closed");
    }
  };
  run(amain());
}

TEST_P(QueueCloseTest, EndsTheWaitsOfGettersAndPutters) {
  Queue<int> empty;
  Queue<int> full(1);
  int refused = 0;
  auto getter = [&]() -> Task<> {
    try {
      co_await empty.get();
    } catch (const QueueClosedError&) {
      ++refused;
    }
  };
  auto putter = [&](int item) -> Task<> {
    try {
      co_await full.put(item);
    } catch (const QueueClosedError&) {
      ++refused;
    }
  };
  auto closer = [&]() -> Task<> {
    co_await sleep(1s);
    empty.close();
    full.close();
  };
  auto amain = [&]() -> Task<> {
    co_await gather(getter(), getter(), putter(1), putter(2), putter(3), closer());
    EXPECT_EQ(full.get_nowait(), 1);
    EXPECT_TRUE(full.empty());
  };
  run(amain());
  EXPECT_EQ(refused, 4);
}

TEST_P(QueueCloseTest, WhoWasServedBeforeTheCloseInTheSameTurnKeepsIt) {
  Queue<int> queue(1);
  auto getter = [&]() -> Task<int> { co_return co_await queue.get(); };
  auto closer = [&]() -> Task<> {
    co_await sleep(1s);
    queue.put_nowait(5);
    queue.close();
  };
  auto amain = [&]() -> Task<> {
    const auto [item, none] = co_await gather(getter(), closer());
    EXPECT_EQ(item, 5);
  };
  run(amain());
}

TEST_P(QueueCloseTest, JoinWaitsUntilEveryItemIsDone) {
  Queue<int> queue(1);
  int done = 0;
  auto worker = [&]() -> Task<> {
    while (true) {
      co_await queue.get();
      co_await sleep(1s);
      ++done;
      queue.task_done();
    }
  };
  auto amain = [&]() -> Task<> {
    co_await queue.join();  // nothing was put
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(worker);
      group.spawn(worker);
      for (int i = 0; i < 6; ++i) co_await queue.put(i);
      EXPECT_THROW(co_await timeout(1ms, queue.join()), TimeoutError);
      co_await queue.join();
      EXPECT_EQ(done, 6);
      group.cancel();
    });
    EXPECT_THROW(queue.task_done(), InvalidStateError);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 3s);
}

TEST_P(QueueCloseTest, DestroyedWithWaitersItThrowsToThem) {
  std::optional<Queue<int>> queue;
  int refused = 0;
  auto refuse = [&](Task<> wait) -> Task<> {
    try {
      co_await std::move(wait);
    } catch (const DestroyedError&) {
      ++refused;
    }
  };
  auto get = [&]() -> Task<> { co_await queue->get(); };
  auto destroy = [&](bool puts) -> Task<> {
    co_await sleep(1s);
    if (puts) queue->put_nowait(1);  // goes down with the queue: its getter did not go on yet
    queue.reset();
  };
  auto amain = [&]() -> Task<> {
    queue.emplace(1);
    queue->put_nowait(0);
    co_await gather(refuse(queue->put(1)), refuse(queue->join()), destroy(false));
    EXPECT_EQ(refused, 2);
    queue.emplace(1);
    co_await gather(refuse(get()), refuse(get()), destroy(true));
    EXPECT_EQ(refused, 4);
  };
  run(amain());
}

}  // namespace
}  // namespace rondo
