#include "rondo/runtime/workers.hpp"

#include <gmock/gmock.h>
#include <pthread.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "rondo/runtime/exception_group.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run_coroutine_threadsafe.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "on_each_backend.hpp"
#include "own_resources.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class WorkersTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(WorkersTest);

std::string own_thread_name() {
  std::array<char, 16> name{};
  pthread_getname_np(pthread_self(), name.data(), name.size());
  return name.data();
}

TEST_P(WorkersTest, RunsTheBodyOnEachLoopAndGivesTheValuesInOrder) {
  Workers workers(3, real_time_options());
  EXPECT_EQ(workers.size(), 3U);
  auto body = [&](std::size_t index) -> Task<std::unique_ptr<std::string>> {
    EXPECT_EQ(get_running_loop().handle().generation(), workers.handle(index).generation());
    // The later loops end first.
    co_await sleep(std::chrono::milliseconds(3 * (3 - index)));
    co_return std::make_unique<std::string>(own_thread_name());
  };
  const auto names = workers.run(body);
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(*names[0], "rondo-loop-0");
  EXPECT_EQ(*names[1], "rondo-loop-1");
  EXPECT_EQ(*names[2], "rondo-loop-2");
}

TEST_P(WorkersTest, TheLoopsRunSideBySide) {
  Workers workers(2, real_time_options());
  std::latch both(2);
  workers.run([&](std::size_t) -> Task<> {
    both.arrive_and_wait();  // blocks each thread until the other is there
    co_return;
  });
}

TEST_P(WorkersTest, RunsOneBodyAfterTheOther) {
  Workers workers(2, real_time_options());
  auto body = [](std::size_t index) -> Task<std::size_t> { co_return index + 1; };
  EXPECT_THAT(workers.run(body), ElementsAre(1U, 2U));
  EXPECT_THAT(workers.run(body), ElementsAre(1U, 2U));
}

TEST_P(WorkersTest, EachLoopHasACopyOfTheBody) {
  Workers workers(4, real_time_options());
  workers.run([owned = std::make_shared<int>(1), steps = 0](std::size_t) mutable -> Task<> {
    for (int i = 0; i < 100; ++i) {
      ++steps;
      co_await sleep(0s);
    }
    EXPECT_EQ(steps, 100);
  });
}

TEST_P(WorkersTest, TheFirstFailureCancelsTheOthersAndComesOut) {
  Workers workers(3, real_time_options());
  std::latch all(3);
  std::atomic<int> cancelled = 0;
  auto body = [&](std::size_t index) -> Task<int> {
    all.arrive_and_wait();
    if (index == 1) throw std::out_of_range("row 7");
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      ++cancelled;
      throw;
    }
    co_return 1;
  };
  EXPECT_THROW(workers.run(body), std::out_of_range);
  EXPECT_EQ(cancelled, 2);
}

TEST_P(WorkersTest, AllFailuresComeOutTogetherWithTheNamesOfTheirWorkers) {
  Workers workers(2, real_time_options());
  std::latch both(2);
  try {
    workers.run([&](std::size_t index) -> Task<> {
      both.arrive_and_wait();
      if (index == 1) throw std::runtime_error("cause");
      try {
        co_await sleep(1h);
      } catch (const Cancelled&) {
      }
      throw std::logic_error("clean-up");
    });
    ADD_FAILURE() << "no exception";
  } catch (const ExceptionGroup& group) {
    EXPECT_STREQ(group.what(), "2 failures; first: std::runtime_error: cause");
    EXPECT_EQ(group.details(),
              "std::runtime_error: cause (task 'worker 1')\n"
              "std::logic_error: clean-up (task 'worker 0')\n");
  }
}

TEST_P(WorkersTest, TheirHandlesTakeTasksFromElsewhere) {
  Workers workers(2, real_time_options());
  auto task = []() -> Task<std::string> { co_return own_thread_name(); };
  auto future = run_coroutine_threadsafe(workers.handle(1), task);
  EXPECT_EQ(future.get(), "rondo-loop-1");
  auto amain = [&]() -> Task<std::string> { co_return co_await run_on(workers.handle(0), task); };
  EXPECT_EQ(rondo::run(amain(), real_time_options()), "rondo-loop-0");
}

TEST_P(WorkersTest, TheirTasksMayGoFromLoopToLoop) {
  Workers workers(3, real_time_options());
  auto where = []() -> Task<std::string> { co_return own_thread_name(); };
  const auto names = workers.run([&](std::size_t index) -> Task<std::string> {
    co_return co_await run_on(workers.handle((index + 1) % 3), where);
  });
  EXPECT_THAT(names, ElementsAre("rondo-loop-1", "rondo-loop-2", "rondo-loop-0"));
}

TEST_P(WorkersTest, TheEndCancelsAndAwaitsWhatIsPendingOnItsOwnThread) {
  std::latch begun(2);
  std::array<std::string, 2> cleaned_up_on;
  std::vector<std::future<void>> futures;
  {
    Workers workers(2, real_time_options());
    auto task = [&](std::size_t index) -> Task<> {
      begun.count_down();
      try {
        co_await sleep(1h);
      } catch (const Cancelled&) {
      }
      auto step = []() -> Task<> { co_await sleep(1ms); };
      co_await shield(step());
      cleaned_up_on[index] = own_thread_name();
    };
    for (std::size_t i = 0; i < 2; ++i) {
      futures.push_back(run_coroutine_threadsafe(workers.handle(i), task, i));
    }
    begun.wait();
  }
  EXPECT_THAT(cleaned_up_on, ElementsAre("rondo-loop-0", "rondo-loop-1"));
  for (auto& future : futures) future.get();
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_P(WorkersTest, LeaveNoThreadAndNoDescriptorBehind) {
  const std::size_t threads = live_threads();
  const std::size_t descriptors = open_descriptors();
  {
    Workers workers(3, real_time_options());
    EXPECT_TRUE(has_threads(threads + 3));
    workers.run([](std::size_t) -> Task<> { co_await to_thread([] {}); });
  }
  EXPECT_TRUE(has_threads(threads));
  EXPECT_EQ(open_descriptors(), descriptors);
}

TEST_P(WorkersTest, AfterTheEndTheHandlesSayHowTheLoopsEnded) {
  std::optional<LoopHandle> handle;
  {
    const Workers workers(1, real_time_options());
    handle = workers.handle(0);
  }
  try {
    handle->call_soon_threadsafe([] {});
    ADD_FAILURE() << "no exception";
  } catch (const LoopClosedError& error) {
    EXPECT_THAT(error.what(), MatchesRegex("Event loop is closed: by Workers at "
                                           "workers_test.cpp:[0-9]+ on thread 'rondo-loop-0', "
                                           "[0-9.]+ s ago"));
  }
}

TEST_P(WorkersTest, ARunAfterCloseIsRefused) {
  Workers workers(2, real_time_options());
  workers.close();
  workers.close();
  try {
    workers.run([](std::size_t) -> Task<> { co_return; });
    ADD_FAILURE() << "no exception";
  } catch (const LoopClosedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Event loop is closed: by Workers at workers_test.cpp"));
  }
}

TEST_P(WorkersTest, ARunInsideARunIsRefused) {
  Workers workers(1, real_time_options());
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(workers.run([](std::size_t) -> Task<> { co_return; }), LoopRunningError);
    co_return;
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(WorkersTest, CtrlCOnTheMainThreadCancelsThemAllAndAwaitsTheirCleanUp) {
  Workers workers(2, real_time_options());
  std::latch begun(2);
  std::atomic<int> cleaned_up = 0;
  const auto main_thread = pthread_self();
  std::thread sender([&] {
    begun.wait();
    pthread_kill(main_thread, SIGINT);
  });
  auto body = [&](std::size_t) -> Task<> {
    begun.count_down();
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    auto step = []() -> Task<> { co_await sleep(1ms); };
    co_await shield(step());
    ++cleaned_up;
    co_await sleep(1h);
  };
  EXPECT_THROW(workers.run(body), Interrupted);
  sender.join();
  EXPECT_EQ(cleaned_up, 2);
  EXPECT_THAT(workers.run([](std::size_t i) -> Task<std::size_t> { co_return i; }),
              ElementsAre(0U, 1U))
      << "the loops themselves have not ended";
}

TEST_P(WorkersTest, TakeNoSignals) {
  Workers workers(1, real_time_options());
  const auto blocked = workers.run([](std::size_t) -> Task<int> {
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, nullptr, &set);
    co_return sigismember(&set, SIGINT) + sigismember(&set, SIGTERM);
  });
  EXPECT_THAT(blocked, ElementsAre(2));
}

TEST_P(WorkersTest, TheLogIsCalledByOneThreadAtATime) {
  auto loop_options = real_time_options();
  std::atomic<int> inside = 0;
  std::atomic<int> overlaps = 0;
  loop_options.log = [&](std::string_view) {
    if (++inside > 1) ++overlaps;
    std::this_thread::yield();
    --inside;
  };
  Workers workers(4, loop_options);
  std::latch all(4);
  workers.run([&](std::size_t) -> Task<> {
    all.arrive_and_wait();
    for (int i = 0; i < 1000; ++i) get_running_loop().log("report");
    co_return;
  });
  EXPECT_EQ(overlaps, 0);
}

TEST_P(WorkersTest, AVirtualClockIsRefused) {
  EXPECT_THROW(Workers(2, options()), std::invalid_argument);
}

TEST(Workers, AreAsManyAsProcessorsUnlessToldOtherwise) {
  const Workers workers;
  EXPECT_EQ(workers.size(), std::max(1U, std::thread::hardware_concurrency()));
}

TEST(Workers, ABackEndThatThereIsNotIsToldAndLeavesNothingBehind) {
  const std::size_t threads = live_threads();
  EXPECT_THROW(Workers(2, {.backend = static_cast<Backend>(99)}), std::exception);
  EXPECT_TRUE(has_threads(threads));
}

}  // namespace
}  // namespace rondo
