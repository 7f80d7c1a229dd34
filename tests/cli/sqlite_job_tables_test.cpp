// Journals that earlier versions have made.

#include "cli/sqlite_job_tables.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "cli/sqlite_job_store.hpp"
#include "cli/usage_error.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {
namespace {

using Access = SqliteJobStore::Access;

/// As version 1 wrote it: a job that is done, one that failed, one with half a file, one that was
/// under way when the process was killed, and one that nobody has begun.
constexpr const char* kVersion1 = R"(
PRAGMA journal_mode=WAL;
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE job(id INTEGER PRIMARY KEY, url TEXT, spec TEXT, output TEXT, key INTEGER);
CREATE TABLE name(key INTEGER PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE lease(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, owner INTEGER NOT NULL);
CREATE TABLE result(id INTEGER PRIMARY KEY, state INTEGER NOT NULL,
 attempts INTEGER NOT NULL DEFAULT 0, next_time INTEGER NOT NULL DEFAULT 0, status INTEGER,
 bytes INTEGER, sha256 TEXT, etag TEXT, last_modified TEXT, final_url TEXT, error_kind TEXT,
 error_class TEXT, error_phase TEXT, error_message TEXT, finished INTEGER);
CREATE INDEX result_open ON result(state, next_time) WHERE state < 2;
PRAGMA application_id=1382966383;
PRAGMA user_version=1;
INSERT INTO meta VALUES('tag', '0badcafe'), ('frontier', 4), ('lines', 5), ('hash', 9),
 ('output', '/out');
INSERT INTO job VALUES(1, 'http://a/1', '', 'one', 11), (2, 'http://a/2', '', 'two', 12),
 (3, 'http://a/3', '', 'three', 13), (4, 'http://a/4', '', 'four', 14),
 (5, 'http://a/5', '', 'five', 15);
INSERT INTO lease VALUES(4, 4, 1);
INSERT INTO result VALUES
 (1, 2, 1, 0, 200, 5, 'abc', '"e"', '', '', '', '', '', '', 1000),
 (2, 3, 2, 0, 404, 0, '', '', '', '', 'status', 'ClientResponseError', 'receive', 'no', 1000),
 (3, 0, 1, 0, 0, 0, '', '"half"', '', '', '', '', '', '', 0);
)";

class EarlierJournalTest : public ::testing::Test {
 protected:
  EarlierJournalTest() { SqliteDatabase(path_, SqliteDatabase::Access::write).execute(kVersion1); }

  std::int64_t version() const {
    return SqliteDatabase(path_, SqliteDatabase::Access::read).integer_of("PRAGMA user_version");
  }

  static std::vector<std::string> states_of(SqliteJobStore& store) {
    std::vector<std::string> states;
    store.visit_all([&](const JobRecord& record) { states.emplace_back(to_string(record.state)); });
    return states;
  }

  test::TemporaryDirectory directory_;
  std::string path_ = (directory_.path() / "job.db").string();
};

TEST_F(EarlierJournalTest, IsReadAsItIs) {
  SqliteJobStore store(path_, Access::read);
  EXPECT_EQ(store.counts().total, 5U);
  EXPECT_EQ(store.counts().done, 1U);
  EXPECT_EQ(store.counts().failed, 1U);
  EXPECT_EQ(store.output(), "/out");
  EXPECT_EQ(states_of(store),
            (std::vector<std::string>{"done", "failed", "waiting", "in_flight", "waiting"}));
  EXPECT_EQ(version(), 1);
}

TEST_F(EarlierJournalTest, IsGoneOnWithAndLosesNothing) {
  {
    SqliteJobStore store(path_, Access::run);
    EXPECT_EQ(version(), 2);
    EXPECT_EQ(store.tag(), "0badcafe");
    EXPECT_EQ(store.list_position(), (ListPosition{5, 9}));
    const auto claimed = store.claim(10, std::chrono::system_clock::now());
    ASSERT_EQ(claimed.size(), 3U);
    EXPECT_EQ(claimed[0].id, 3U);
    EXPECT_EQ(claimed[0].attempts, 1U);
    EXPECT_EQ(claimed[0].pieces, "");
    EXPECT_EQ(claimed[1].id, 4U);
    EXPECT_TRUE(claimed[1].had_begun);
    EXPECT_EQ(claimed[2].id, 5U);
    JobRecord half;
    half.id = 3;
    half.state = JobState::claimed;
    half.validators.etag = "\"half\"";
    half.pieces = "pieces";
    store.acknowledge(std::vector{half});
  }
  SqliteJobStore store(path_, Access::run);
  EXPECT_EQ(store.claim(1, std::chrono::system_clock::now()).at(0).pieces, "pieces");
  std::vector<JobRecord> records;
  store.visit_all([&](const JobRecord& record) { records.push_back(record); });
  EXPECT_EQ(records.at(0).sha256, "abc");
  EXPECT_EQ(records.at(0).validators.etag, "\"e\"");
  EXPECT_EQ(records.at(1).error_class, "ClientResponseError");
}

TEST_F(EarlierJournalTest, IsMovedOnByWhoOnlyChangesIt) {
  SqliteJobStore store(path_, Access::edit);
  EXPECT_EQ(store.retry_failed(), 1U);
  EXPECT_EQ(version(), 2);
}

TEST_F(EarlierJournalTest, IsRefusedIfItIsALaterOne) {
  SqliteDatabase(path_, SqliteDatabase::Access::write).execute("PRAGMA user_version=3;");
  EXPECT_THROW(SqliteJobStore(path_, Access::read), UsageError);
  EXPECT_THROW(SqliteJobStore(path_, Access::run), UsageError);
  EXPECT_EQ(version(), 3);
}

}  // namespace
}  // namespace rondo::cli
