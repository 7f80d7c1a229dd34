#include "cli/host_queues.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace rondo::cli {
namespace {

class Queues {
 public:
  explicit Queues(std::size_t limit) : queues_(limit) {}

  void push(const std::string& url) {
    auto job = std::make_unique<Job>();
    job->number = ++count_;
    job->url = url;
    queues_.push(std::move(job));
  }

  std::string take() {
    auto taken = queues_.take();
    if (!taken) return "";
    busy_.push_back(taken->host);
    return taken->job->url;
  }

  void finish_first() {
    queues_.finished(*busy_.front());
    busy_.erase(busy_.begin());
  }

  HostQueues& operator*() { return queues_; }

 private:
  HostQueues queues_;
  std::uint64_t count_ = 0;
  std::vector<HostQueues::Host*> busy_;
};

TEST(HostQueues, GiveJobsInTheirOrder) {
  Queues queues(8);
  for (const char* url : {"http://a/1", "http://b/2", "http://a/3"}) queues.push(url);
  EXPECT_EQ(queues.take(), "http://a/1");
  EXPECT_EQ(queues.take(), "http://b/2");
  EXPECT_EQ(queues.take(), "http://a/3");
  EXPECT_EQ(queues.take(), "");
}

TEST(HostQueues, LetOthersPassABusyHost) {
  Queues queues(2);
  for (const char* url : {"http://a/1", "http://a/2", "http://a/3", "http://b/4"}) queues.push(url);
  EXPECT_EQ(queues.take(), "http://a/1");
  EXPECT_EQ(queues.take(), "http://a/2");
  EXPECT_EQ(queues.take(), "http://b/4");
  EXPECT_EQ(queues.take(), "");
  EXPECT_FALSE((*queues).has_ready());
  queues.finish_first();
  EXPECT_TRUE((*queues).has_ready());
  EXPECT_EQ(queues.take(), "http://a/3");
}

TEST(HostQueues, GoBackToTheEarliestJobWhenItsHostHasRoomAgain) {
  Queues queues(1);
  for (const char* url : {"http://a/1", "http://a/2", "http://b/3", "http://c/4"}) queues.push(url);
  EXPECT_EQ(queues.take(), "http://a/1");
  EXPECT_EQ(queues.take(), "http://b/3");
  queues.finish_first();
  EXPECT_EQ(queues.take(), "http://a/2");
  EXPECT_EQ(queues.take(), "http://c/4");
}

TEST(HostQueues, CountWhatTheyHold) {
  Queues queues(1);
  EXPECT_EQ((*queues).bytes(), 0U);
  queues.push("http://a/" + std::string(10'000, 'x'));
  EXPECT_EQ((*queues).size(), 1U);
  EXPECT_GT((*queues).bytes(), 10'000U);
  queues.take();
  EXPECT_EQ((*queues).size(), 0U);
  EXPECT_EQ((*queues).bytes(), 0U);
}

TEST(HostQueues, ForgetHostsThatHaveNothingLeft) {
  Queues queues(1);
  for (int i = 0; i < 1000; ++i) {
    queues.push("http://a/" + std::to_string(i));
    EXPECT_NE(queues.take(), "");
    queues.finish_first();
  }
  queues.push("http://a/last");
  EXPECT_EQ(queues.take(), "http://a/last");
}

}  // namespace
}  // namespace rondo::cli
