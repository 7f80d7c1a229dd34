// What belongs to a loop is refused elsewhere (docs/design.md §5, L5): what tasks, scopes, calls
// and completions say under another loop, on another thread, and after their loop's end.

#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "rondo/runtime/as_completed.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/wait.hpp"

#include "message_of.hpp"
#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::MatchesRegex;

class OwnerCheckTest : public OnEachBackend {
 protected:
  OwnerCheckTest() : own_(options()), other_(options()) {}

  /// Runs the own loop until `main` has stopped it.
  void run_until_stopped(Task<> main) {
    EXPECT_THROW(own_.run_until_complete(std::move(main)), InvalidStateError);
  }

  /// Spawns a task that takes an hour, and one that gives 7 at once.
  void spawn() {
    auto amain = [this]() -> Task<> {
      co_await with_task_group([this](TaskGroup& group) -> Task<> {
        slow_.emplace(group.spawn_named("slow", give_after, Clock::duration(1h), 3));
        quick_.emplace(group.spawn(give_after, Clock::duration(0s), 7));
        co_await quick_->wait();
        get_running_loop().stop();
      });
    };
    run_until_stopped(amain());
  }

  static Task<int> give_after(Clock::duration delay, int value) {
    co_await sleep(delay);
    co_return value;
  }

  EventLoop own_;
  EventLoop other_;
  std::optional<TaskHandle<int>> slow_;
  std::optional<TaskHandle<int>> quick_;
};
RONDO_ON_EACH_BACKEND(OwnerCheckTest);

/// What `action` is told on a thread "feeder".
template <class E>
std::string message_on_thread(const std::function<void()>& action) {
  std::string says;
  std::thread([&] {
    pthread_setname_np(pthread_self(), "feeder");
    says = message_of<E>(action);
  }).join();
  return says;
}

std::string refused_on_thread(const std::string& function) {
  return function +
         "() called on thread 'feeder', but the event loop belongs to thread 'main': use "
         "call_soon_threadsafe() to hand over";
}

constexpr const char* kWrongLoop =
    "task 'slow' spawned at owner_check_test.cpp:[0-9]+ belongs to the event loop created at "
    "owner_check_test.cpp:[0-9]+, and was used under that created at owner_check_test.cpp:[0-9]+";
constexpr const char* kClosed =
    "Event loop is closed: by close\\(\\) at owner_check_test.cpp:[0-9]+ on thread 'main', "
    "[0-9]+\\.[0-9] s ago; task 'slow' spawned at owner_check_test.cpp:[0-9]+ belonged to it";

TEST_P(OwnerCheckTest, AWaitForATaskOfAnotherLoopIsRefused) {
  spawn();
  const std::vector handles{*slow_};
  const auto wait_for_it = [&] { other_.run_until_complete(slow_->wait()); };
  const auto wait_for_all = [&] { other_.run_until_complete(rondo::wait(handles)); };
  EXPECT_THAT(message_of<WrongLoopError>(wait_for_it), MatchesRegex(kWrongLoop));
  EXPECT_THAT(message_of<WrongLoopError>(wait_for_all), MatchesRegex(kWrongLoop));
  own_.close();
  EXPECT_THAT(message_of<LoopClosedError>(wait_for_it), MatchesRegex(kClosed));
  EXPECT_THAT(message_of<LoopClosedError>(wait_for_all), MatchesRegex(kClosed));
}

TEST_P(OwnerCheckTest, SoIsOneForATaskThatHasEnded) {
  spawn();
  const std::vector handles{*quick_};
  EXPECT_THROW(other_.run_until_complete(quick_->wait()), WrongLoopError);
  EXPECT_THROW(other_.run_until_complete(rondo::wait(handles)), WrongLoopError);
}

TEST_P(OwnerCheckTest, AWaitUnderALoopOfAnotherThreadIsRefused) {
  spawn();
  const std::vector handles{*slow_};
  const RunOptions options{.backend = GetParam()};
  EXPECT_EQ(message_on_thread<WrongThreadError>([&] { rondo::run(slow_->wait(), options); }),
            refused_on_thread("TaskHandle::wait"));
  EXPECT_EQ(message_on_thread<WrongThreadError>([&] { rondo::run(rondo::wait(handles), options); }),
            refused_on_thread("wait"));
}

TEST_P(OwnerCheckTest, AHandleMayNotBeUsedOnAnotherThread) {
  spawn();
  const std::vector<std::pair<std::string, std::function<void()>>> uses{
      {"result", [&] { static_cast<void>(quick_->result()); }},
      {"take_result", [&] { quick_->take_result(); }},
      {"exception", [&] { static_cast<void>(quick_->exception()); }},
      {"cancel", [&] { slow_->cancel(); }},
      {"set_name", [&] { slow_->set_name("other"); }},
  };
  for (const auto& [name, use] : uses) {
    EXPECT_EQ(message_on_thread<WrongThreadError>(use), refused_on_thread("TaskHandle::" + name));
  }
  EXPECT_EQ(slow_->name(), "slow");
  EXPECT_EQ(quick_->result(), 7);
}

TEST_P(OwnerCheckTest, AResultMayBeReadAfterItsLoopOnAnyThread) {
  spawn();
  own_.close();
  std::thread([&] {
    EXPECT_EQ(quick_->result(), 7);
    EXPECT_TRUE(slow_->cancelled());
    slow_->cancel();
  }).join();
  EXPECT_EQ(quick_->take_result(), 7);
}

TEST_P(OwnerCheckTest, AScopeMayNotBeCancelledByAnotherThread) {
  auto amain = []() -> Task<> {
    CancelScope scope;
    EXPECT_EQ(message_on_thread<WrongThreadError>([&] { scope.cancel(); }),
              refused_on_thread("CancelScope::cancel"));
    EXPECT_EQ(message_on_thread<WrongThreadError>([&] { scope.set_deadline(1s); }),
              refused_on_thread("CancelScope::set_deadline"));
    EXPECT_EQ(message_on_thread<WrongThreadError>([&] { scope.clear_deadline(); }),
              refused_on_thread("CancelScope::clear_deadline"));
    EXPECT_FALSE(scope.is_cancelled());
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      EXPECT_THROW(
          {
            std::exception_ptr thrown;
            std::thread([&] {
              try {
                group.cancel();
              } catch (...) {
                thrown = std::current_exception();
              }
            }).join();
            if (thrown) std::rethrow_exception(thrown);
          },
          WrongThreadError);
      co_await sleep(1s);
    });
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(OwnerCheckTest, ACallMayNotBeTakenBackByAnotherThread) {
  bool has_run = false;
  CallHandle call = own_.call_soon([&] { has_run = true; });
  EXPECT_EQ(message_on_thread<WrongThreadError>([&] { call.cancel(); }),
            refused_on_thread("CallHandle::cancel"));
  auto a_second = []() -> Task<> { co_await sleep(1s); };
  own_.run_until_complete(a_second());
  EXPECT_TRUE(has_run);
  own_.close();
  std::thread([&] { call.cancel(); }).join();
}

Task<int> give(int value) {
  co_return value;
}

TEST_P(OwnerCheckTest, CompletionsAreGivenUnderTheirOwnLoopOnly) {
  std::string says;
  auto amain = [&]() -> Task<> {
    std::vector<Task<int>> tasks;
    tasks.push_back(give(1));
    co_await as_completed(std::move(tasks), [&](Completions<int>& completions) -> Task<> {
      std::thread([&] {
        says = message_of<WrongLoopError>(
            [&] { rondo::run(completions.next(), {.backend = GetParam()}); });
      }).join();
      EXPECT_EQ(co_await completions.next(), 1);
    });
  };
  run(amain());
  EXPECT_THAT(says, MatchesRegex("Completions created at owner_check_test.cpp:[0-9]+ belongs to "
                                 "the event loop created at owner_check_test.cpp:[0-9]+, and was "
                                 "used under that created at owner_check_test.cpp:[0-9]+"));
}

}  // namespace
}  // namespace rondo
