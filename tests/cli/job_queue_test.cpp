#include "cli/job_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "cli/url_text.hpp"

namespace rondo::cli {
namespace {

JobPtr job(std::uint64_t number, const std::string& url) {
  auto made = std::make_unique<Job>();
  made->number = number;
  made->url = url;
  return made;
}

/// Workers that note what they took, and how many of them were at one host at a time.
struct Crew {
  explicit Crew(std::size_t limit_per_host) : queue(limit_per_host) {}

  Task<> work() {
    while (true) {
      auto taken = co_await queue.take();
      if (!taken) co_return;
      most_at_once = std::max(most_at_once, ++at_once[std::string(host_of(taken->job->url))]);
      co_await sleep(Clock::duration::zero());
      --at_once[std::string(host_of(taken->job->url))];
      done.push_back(taken->job->number);
      queue.finished(*taken->host);
    }
  }

  Task<> feed(std::uint64_t jobs, std::uint64_t hosts) {
    for (std::uint64_t i = 1; i <= jobs; ++i) {
      co_await queue.push(job(i, "http://host" + std::to_string(i % hosts) + "/"));
    }
    queue.close();
  }

  Task<> run(std::size_t workers, std::uint64_t jobs, std::uint64_t hosts) {
    co_await with_task_group([&](TaskGroup& group) {
      for (std::size_t i = 0; i < workers; ++i) group.spawn(work());
      return feed(jobs, hosts);
    });
  }

  JobQueue queue;
  std::map<std::string, int> at_once;
  int most_at_once = 0;
  std::vector<std::uint64_t> done;
};

TEST(JobQueue, HandsOutEveryJobOnce) {
  for (const std::size_t workers : {1U, 7U, 64U}) {
    for (const std::uint64_t hosts : {1U, 3U, 100U}) {
      Crew crew(2);
      rondo::run(crew.run(workers, 500, hosts));
      const std::set<std::uint64_t> unique(crew.done.begin(), crew.done.end());
      EXPECT_EQ(crew.done.size(), 500U);
      EXPECT_EQ(unique.size(), 500U);
      EXPECT_LE(crew.most_at_once, 2);
    }
  }
}

TEST(JobQueue, KeepsTheOrderForOneWorker) {
  Crew crew(8);
  rondo::run(crew.run(1, 100, 3));
  EXPECT_TRUE(std::is_sorted(crew.done.begin(), crew.done.end()));
}

TEST(JobQueue, EndsWithoutJobs) {
  Crew crew(1);
  rondo::run(crew.run(5, 0, 1));
  EXPECT_TRUE(crew.done.empty());
}

TEST(JobQueue, HoldsABoundedPartOfTheInput) {
  Crew crew(64);
  const auto fill = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      const auto feeding = group.spawn(crew.feed(JobQueue::kMaxJobs + 10, 5));
      co_await sleep(Clock::duration::zero());
      EXPECT_FALSE(feeding.done());
      for (std::size_t i = 0; i < 3; ++i) group.spawn(crew.work());
      co_await feeding.wait();
    });
  };
  rondo::run(fill());
  EXPECT_EQ(crew.done.size(), JobQueue::kMaxJobs + 10);
}

TEST(JobQueue, TakesAJobThatIsLargerThanTheBound) {
  JobQueue queue(1);
  const auto use = [&]() -> Task<> {
    JobPtr large = job(1, "http://a/");
    large->body = std::string(2 * JobQueue::kMaxBytes, 'x');
    co_await queue.push(std::move(large));
    const auto taken = co_await queue.take();
    EXPECT_EQ(taken->job->number, 1U);
    queue.finished(*taken->host);
    co_await queue.push(job(2, "http://a/"));
  };
  rondo::run(use());
}

}  // namespace
}  // namespace rondo::cli
