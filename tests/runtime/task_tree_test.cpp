// The tree of tasks, in words.

#include "rondo/runtime/task_tree.hpp"

#include <gmock/gmock.h>

#include <regex>

#include "rondo/runtime/run_coroutine_threadsafe.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/task_group.hpp"

#include "on_each_backend.hpp"

namespace rondo::feed {
namespace {

using namespace std::chrono_literals;

/// The tree without the numbers of lines, and without what is the back end's.
std::string bare(const std::string& tree) {
  const auto lines = std::regex_replace(tree, std::regex("(\\.[ch]pp):[0-9]+"), "$1");
  return std::regex_replace(lines, std::regex(" on (epoll|poll|io_uring),"), ",");
}

class TaskTreeTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(TaskTreeTest);

Task<> wait_for_ever() {
  co_await sleep(100h);
}

Task<> poll([[maybe_unused]] int source) {
  co_await wait_for_ever();
}

Task<> work(Semaphore& permits) {
  const auto body = [&](TaskGroup& group) -> Task<> {
    for (int i = 0; i < 1000; ++i) group.spawn(poll, i);
    co_await permits.acquire();
  };
  co_await with_task_group(body);
}

Task<> look(Semaphore& permits, std::string& tree) {
  const auto body = [&](TaskGroup& group) -> Task<> {
    auto worker = group.spawn(work, std::ref(permits));
    worker.set_name("worker");
    co_await sleep(2s);
    auto cancelled = group.spawn(poll, 1);
    co_await sleep(500ms);
    auto late = group.spawn(poll, 2);
    tree = get_running_loop().dump_tasks();
    group.cancel();
  };
  co_await with_task_group(body);
}

TEST_P(TaskTreeTest, ShowsEachTaskBelowItsParentWithItsAwaitsAndThoseThatAreAlikeOnce) {
  std::string tree;
  Semaphore none(0);
  run(look(none, tree));
  EXPECT_EQ(bare(tree), R"(event loop created at task_tree_test.cpp, 1004 tasks
└─ rondo::feed::look  running 2.5 s
   │  at task_tree_test.cpp in rondo::feed::look::lambda
   │  at task_group.hpp in rondo::detail::run_task_group
   │  at task_tree_test.cpp in rondo::feed::look
   ├─ worker  waiting 2.5 s
   │  │  at semaphore.cpp in rondo::Semaphore::acquire
   │  │  at task_tree_test.cpp in rondo::feed::work::lambda
   │  │  at task_group.hpp in rondo::detail::run_task_group
   │  │  at task_tree_test.cpp in rondo::feed::work
   │  └─ rondo::feed::poll × 1000  waiting 2.5 s
   │        at task_tree_test.cpp in rondo::feed::wait_for_ever
   │        at task_tree_test.cpp in rondo::feed::poll
   ├─ rondo::feed::poll  waiting 0.5 s
   │     at task_tree_test.cpp in rondo::feed::wait_for_ever
   │     at task_tree_test.cpp in rondo::feed::poll
   └─ a task that rondo::feed::look::lambda spawned at task_tree_test.cpp  ready 0.0 s
)");
}

Task<> look_in_a_second(std::string& tree) {
  co_await sleep(1s);
  tree = get_running_loop().dump_tasks();
}

TEST_P(TaskTreeTest, ShowsATaskThatWasSentToTheLoopByItsOwnName) {
  std::string tree;
  EventLoop loop(options());
  auto sent = run_coroutine_threadsafe(loop.handle(), poll, 1);
  loop.run_until_complete(look_in_a_second(tree));
  EXPECT_EQ(bare(tree), R"(event loop created at task_tree_test.cpp, 2 tasks
├─ rondo::feed::look_in_a_second  running 1.0 s
│     at task_tree_test.cpp in rondo::feed::look_in_a_second
└─ rondo::feed::poll  waiting 1.0 s
      at task_tree_test.cpp in rondo::feed::wait_for_ever
      at task_tree_test.cpp in rondo::feed::poll
)");
}

class Note final : public detail::TaskNote {
 public:
  explicit Note(std::string text)
      : TaskNote(get_running_loop().current_fiber()), text_(std::move(text)) {}
  [[nodiscard]] std::string describe() const override { return text_; }

 private:
  std::string text_;
};

Task<> take_notes(std::vector<std::string>& trees) {
  EventLoop& loop = get_running_loop();
  const Note outer("GET http://h/");
  {
    const Note inner("reading the body");
    trees.push_back(loop.dump_tasks());
  }
  trees.push_back(loop.dump_tasks());
  co_return;
}

TEST_P(TaskTreeTest, SaysWhatATaskWorksOn) {
  std::vector<std::string> trees;
  run(take_notes(trees));
  EXPECT_THAT(trees, ::testing::ElementsAre(
                         ::testing::HasSubstr("take_notes  running 0.0 s  reading the body\n"),
                         ::testing::HasSubstr("take_notes  running 0.0 s  GET http://h/\n")));
}

/// Looks at ten tasks a turn, while others start and end.
Task<> walk_slowly(std::size_t& seen, int& turns) {
  const auto body = [&](TaskGroup& group) -> Task<> {
    for (int i = 0; i < 95; ++i) group.spawn(poll, i);
    co_await sleep(1ms);
    detail::TaskTreeWalk walk(get_running_loop());
    std::vector<TaskHandle<void>> ending;
    for (bool has_more = walk.advance(10); has_more; has_more = walk.advance(10)) {
      ++turns;
      for (int i = 0; i < 20; ++i) ending.push_back(group.spawn(poll, i));
      for (auto& task : ending) task.cancel();
      co_await sleep(1ms);
    }
    seen = walk.take().size();
    group.cancel();
  };
  co_await with_task_group(body);
}

TEST_P(TaskTreeTest, IsWalkedInStepsThoughTasksStartAndEndInBetween) {
  std::size_t seen = 0;
  int turns = 0;
  run(walk_slowly(seen, turns));
  EXPECT_EQ(seen, 96U) << "the tasks that were there when the walk began";
  EXPECT_EQ(turns, 9);
}

}  // namespace
}  // namespace rondo::feed
