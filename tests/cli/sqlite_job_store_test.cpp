#include "cli/sqlite_job_store.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/usage_error.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using Access = SqliteJobStore::Access;
using Ids = std::vector<std::uint64_t>;

NewJob job(const std::string& url, std::uint64_t key, const std::string& output = "") {
  return {.url = url, .spec = "", .output = output, .key = key};
}

JobRecord record(std::uint64_t id, JobState state) {
  JobRecord made;
  made.id = id;
  made.state = state;
  return made;
}

class SqliteJobStoreTest : public ::testing::Test {
 protected:
  SqliteJobStoreTest() { open(); }

  void open() {
    store_.reset();
    store_ = std::make_unique<SqliteJobStore>(path_, Access::run);
  }

  void add(std::uint64_t count) {
    std::vector<NewJob> jobs;
    for (std::uint64_t i = 1; i <= count; ++i)
      jobs.push_back(job("http://a/" + std::to_string(i), i));
    store_->add(jobs, {count, 7});
  }

  Ids claim(std::size_t most) {
    Ids ids;
    for (const ClaimedJob& claimed : store_->claim(most, now_)) ids.push_back(claimed.id);
    return ids;
  }

  void acknowledge(const Ids& ids, JobState state) {
    std::vector<JobRecord> records;
    for (const auto id : ids) records.push_back(record(id, state));
    store_->acknowledge(records);
  }

  test::TemporaryDirectory directory_;
  std::string path_ = (directory_.path() / "job.db").string();
  std::unique_ptr<SqliteJobStore> store_;
  std::chrono::system_clock::time_point now_ = std::chrono::system_clock::now();
};

TEST_F(SqliteJobStoreTest, ClaimsEachJobOnceInTheOrderOfTheInput) {
  add(5);
  EXPECT_EQ(claim(2), (Ids{1, 2}));
  EXPECT_EQ(claim(9), (Ids{3, 4, 5}));
  EXPECT_EQ(claim(9), Ids{});
}

TEST_F(SqliteJobStoreTest, GivesWhatWasInFlightToTheNextProcess) {
  add(6);
  claim(4);
  acknowledge({2}, JobState::done);
  acknowledge({3}, JobState::failed);
  open();
  const auto again = store_->claim(9, now_);
  ASSERT_EQ(again.size(), 4U);
  EXPECT_EQ(again[0].id, 1U);
  EXPECT_TRUE(again[0].had_begun);
  EXPECT_EQ(again[0].url, "http://a/1");
  EXPECT_EQ(again[1].id, 4U);
  EXPECT_EQ(again[2].id, 5U);
  EXPECT_FALSE(again[2].had_begun);
  EXPECT_EQ(claim(9), Ids{});
}

TEST_F(SqliteJobStoreTest, LosesNothingOfALeaseOfWhichAJobIsGivenBack) {
  add(3);
  claim(3);
  acknowledge({1}, JobState::waiting);
  EXPECT_EQ(claim(9), Ids{1});
  acknowledge({1}, JobState::done);
  acknowledge({2}, JobState::done);
  open();
  EXPECT_EQ(claim(9), Ids{3});
}

TEST_F(SqliteJobStoreTest, NeverClaimsAgainWhatHasEnded) {
  add(3);
  claim(3);
  acknowledge({1, 2, 3}, JobState::done);
  open();
  EXPECT_EQ(claim(9), Ids{});
  const JobCounts counts = store_->counts();
  EXPECT_EQ(counts.total, 3U);
  EXPECT_EQ(counts.done, 3U);
  EXPECT_EQ(counts.left(), 0U);
}

TEST_F(SqliteJobStoreTest, KeepsWhatWaitsUntilItsTime) {
  add(1);
  claim(1);
  JobRecord later = record(1, JobState::waiting);
  later.next_time = now_ + 1h;
  store_->acknowledge({{later}});
  EXPECT_EQ(claim(9), Ids{});
  ASSERT_TRUE(store_->next_time());
  EXPECT_LT(*store_->next_time() - (now_ + 1h), 1s);
  now_ += 2h;
  EXPECT_EQ(claim(9), Ids{1});
}

TEST_F(SqliteJobStoreTest, LetsFailuresWaitAgain) {
  add(2);
  claim(2);
  acknowledge({1}, JobState::done);
  acknowledge({2}, JobState::failed);
  EXPECT_EQ(store_->retry_failed(), 1U);
  EXPECT_EQ(claim(9), Ids{2});
}

TEST_F(SqliteJobStoreTest, KeepsTheValidatorsOfHalfAFile) {
  add(1);
  claim(1);
  JobRecord half = record(1, JobState::claimed);
  half.validators = {"\"v1\"", "date"};
  half.attempts = 2;
  store_->acknowledge({{half}});
  open();
  const auto again = store_->claim(1, now_);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].validators.etag, "\"v1\"");
  EXPECT_EQ(again[0].validators.last_modified, "date");
  EXPECT_EQ(again[0].attempts, 2U);
}

TEST_F(SqliteJobStoreTest, NumbersNamesThatAreTakenAlsoByEarlierRuns) {
  const std::vector<NewJob> jobs = {job("http://a/x", 1, "x.txt"), job("http://b/X", 2, "X.txt")};
  store_->add(jobs, {2, 0});
  open();
  const std::vector<NewJob> more = {job("http://c/x", 3, "x.txt")};
  store_->add(more, {3, 0});
  const auto claimed = store_->claim(9, now_);
  ASSERT_EQ(claimed.size(), 3U);
  EXPECT_EQ(claimed[0].output, "x.txt");
  EXPECT_EQ(claimed[1].output, "X-2.txt");
  EXPECT_EQ(claimed[2].output, "x-3.txt");
}

TEST_F(SqliteJobStoreTest, AddsWhatAnInputHasMoreOftenThanTheStore) {
  add(2);
  store_->begin_comparison();
  const std::vector<NewJob> other = {job("http://a/2", 2), job("http://a/2", 2),
                                     job("http://n", 9)};
  store_->add_missing(other);
  store_->end_comparison({3, 5});
  EXPECT_EQ(store_->counts().total, 4U);
  EXPECT_EQ(store_->list_position(), (ListPosition{3, 5}));
  store_->begin_comparison();
  store_->add_missing(other);
  store_->end_comparison({3, 5});
  EXPECT_EQ(store_->counts().total, 4U);
}

TEST_F(SqliteJobStoreTest, TellsItsResults) {
  add(1);
  claim(1);
  JobRecord done = record(1, JobState::done);
  done.status = 200;
  done.bytes = 5;
  done.sha256 = "ab";
  done.attempts = 3;
  store_->acknowledge({{done}});
  std::vector<JobRecord> all;
  store_->visit_all([&](const JobRecord& each) { all.push_back(each); });
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].url, "http://a/1");
  EXPECT_EQ(all[0].state, JobState::done);
  EXPECT_EQ(all[0].status, 200);
  EXPECT_EQ(all[0].bytes, 5U);
  EXPECT_EQ(all[0].sha256, "ab");
  EXPECT_EQ(all[0].attempts, 3U);
}

TEST_F(SqliteJobStoreTest, BelongsToOneProcessAtATime) {
  try {
    const SqliteJobStore second(path_, Access::run);
    FAIL() << "two have it";
  } catch (const UsageError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("in use by another rondo (process "), std::string::npos) << what;
  }
  SqliteJobStore reader(path_, Access::read);
  EXPECT_EQ(reader.counts().total, 0U);
}

TEST_F(SqliteJobStoreTest, RefusesAnotherOutputDirectory) {
  store_->require_output("/a");
  store_->require_output("/a");
  EXPECT_THROW(store_->require_output("/b"), UsageError);
  EXPECT_THROW(store_->require_output(""), UsageError);
  EXPECT_EQ(store_->output(), "/a");
}

TEST_F(SqliteJobStoreTest, IsReadableByItsOwnerOnly) {
  struct stat status{};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(SqliteJobStore, RefusesWhatIsNoJournal) {
  const test::TemporaryDirectory directory;
  const std::string text = directory.write("text", std::string(2000, 'x')).string();
  EXPECT_THROW(SqliteJobStore(text, Access::run), UsageError);
  EXPECT_THROW(SqliteJobStore((directory.path() / "none").string(), Access::read), UsageError);
  EXPECT_THROW(SqliteJobStore((directory.path() / "none").string(), Access::edit), UsageError);
}

}  // namespace
}  // namespace rondo::cli
