// A disk that fails when files are synchronised and named.

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

struct DiskFailure {
  const char* call;
  int code;
};

class FetchDiskTest : public ::testing::TestWithParam<DiskFailure> {
 protected:
  /// Fetches on a disk that fails as the parameter says, so many times.
  Outcome fetch(int times, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"fetch", "--jsonl", "-c", "1", "-o", out_.string()});
    const std::string failure = std::string(GetParam().call) + " " +
                                std::to_string(GetParam().code) + " " + std::to_string(times) +
                                " " + out_.string();
    return run_command(arguments,
                       {.environment = {"FAILING_DISK=" + failure,
                                        std::string("LD_PRELOAD=") + RONDO_FAILING_DISK}});
  }

  Json result() const {
    return run_command({"jobs", journal_.string(), "--export", "jsonl"}).line();
  }

  /// Whether the file is there, and nothing else.
  bool has_file() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(out_)) ++count;
    return count == 1 && content_of(out_ / "file") == "body";
  }

  ScriptedServer server_{answering([](const std::string&) { return ok("body"); })};
  test::TemporaryDirectory directory_;
  fs::path out_ = directory_.path() / "out";
  fs::path journal_ = directory_.path() / "job.db";
};

class JournalDiskTest : public FetchDiskTest {};
class RenameTest : public FetchDiskTest {};

TEST_P(JournalDiskTest, IsTriedAgainAndThenDone) {
  const Outcome outcome =
      fetch(1, {"--job", journal_.string(), "--retries", "1", server_.url("/file")});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(outcome.line()["error"].is_null());
  EXPECT_NE(outcome.err.find("1 URL: 1 ok, 0 failed"), std::string::npos) << outcome.err;
  EXPECT_EQ(result()["state"], "done");
  EXPECT_EQ(result()["attempts"], 2);
  EXPECT_TRUE(has_file());
}

TEST_P(JournalDiskTest, FailsWhenNoTryIsLeft) {
  const Outcome outcome =
      fetch(1000, {"--job", journal_.string(), "--retries", "1", server_.url("/file")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.line()["error"]["kind"], "io");
  EXPECT_NE(
      outcome.line()["error"]["message"].get<std::string>().find(std::strerror(GetParam().code)),
      std::string::npos)
      << outcome.line();
  EXPECT_TRUE(outcome.line()["saved_to"].is_null());
  EXPECT_EQ(result()["state"], "failed");
  EXPECT_EQ(result()["attempts"], 2);
  const Outcome again = fetch(0, {"--job", journal_.string(), "--retry-failed"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(result()["state"], "done");
  EXPECT_TRUE(has_file());
}

TEST_P(JournalDiskTest, DoesNotRepeatWhatMayNotBeRepeated) {
  const Outcome outcome =
      fetch(1, {"--job", journal_.string(), "--retries", "3", "-d", "data", server_.url("/file")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.line()["error"]["kind"], "io");
  EXPECT_EQ(server_.connections(), 1);
  EXPECT_EQ(result()["attempts"], 1);
}

TEST_P(RenameTest, IsTriedAgainWithoutAJournalToo) {
  const Outcome outcome = fetch(1, {"--retries", "1", server_.url("/file")});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.line()["attempts"], 2);
  EXPECT_TRUE(has_file());
}

std::string name_of(const ::testing::TestParamInfo<DiskFailure>& info) {
  std::string name = std::string(info.param.call) + "_" + ::strerrorname_np(info.param.code);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, JournalDiskTest,
                         ::testing::Values(DiskFailure{"rename", EACCES},
                                           DiskFailure{"rename", EROFS},
                                           DiskFailure{"fsync", ENOSPC},
                                           DiskFailure{"fsync-directory", EIO}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(All, RenameTest,
                         ::testing::Values(DiskFailure{"rename", EACCES},
                                           DiskFailure{"rename", ENOSPC}),
                         name_of);

}  // namespace
}  // namespace rondo::cli
