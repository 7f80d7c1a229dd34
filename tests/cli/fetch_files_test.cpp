// Files that are there already, checksums, and files that cannot be written.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "rondo/proto/digest.hpp"

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

/// What a shell command prints.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = ::popen(command.c_str(), "r");
  char piece[4096];
  while (const std::size_t count = std::fread(piece, 1, sizeof piece, pipe)) {
    text.append(piece, count);
  }
  ::pclose(pipe);
  return text;
}

constexpr const char* kModified = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr std::int64_t kModifiedSeconds = 784111777;

class FetchFilesTest : public ::testing::Test {
 protected:
  std::string serve(const std::string& request) {
    {
      const std::lock_guard guard(mutex_);
      requests_.push_back(request);
    }
    if (request.find("\r\nIf-None-Match: \"one\"\r\n") != std::string::npos && !has_changed_) {
      return "HTTP/1.1 304 Not Modified\r\nETag: \"one\"\r\n\r\n";
    }
    if (request.find(std::string("\r\nIf-Modified-Since: ") + kModified) != std::string::npos &&
        !has_changed_) {
      return "HTTP/1.1 304 Not Modified\r\n\r\n";
    }
    const std::string etag = path_of(request).starts_with("/e") ? "ETag: \"one\"\r\n" : "";
    return answer("200 OK", etag + "Last-Modified: " + kModified + "\r\n",
                  (has_changed_ ? "new " : "") + path_of(request));
  }

  Outcome save(const std::vector<std::string>& options, const std::vector<std::string>& paths) {
    std::vector<std::string> arguments = {"fetch", "-c", "1", "--jsonl", "-o", out_.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    for (const std::string& path : paths) arguments.push_back(server_.url(path));
    return run_command(arguments);
  }
  Outcome save_list(const std::vector<std::string>& options, const std::string& list) {
    std::vector<std::string> arguments = {"fetch", "--jsonl", "-i", "-", "-o", out_.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return run_command(arguments, {.input = list});
  }
  std::string line(const std::string& path, const std::string& sha256) const {
    return R"({"url": ")" + server_.url(path) + R"(", "sha256": ")" + sha256 + "\"}\n";
  }
  std::size_t count() {
    const std::lock_guard guard(mutex_);
    return requests_.size();
  }
  std::string first_request() {
    const std::lock_guard guard(mutex_);
    return requests_.front();
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(out_)) {
      if (!entry.is_directory()) names.insert(entry.path().lexically_relative(out_).string());
    }
    return names;
  }
  void write(const std::string& name, const std::string& content) const {
    fs::create_directories(out_);
    std::ofstream(out_ / name) << content;
  }
  static std::int64_t modified(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mtime;
  }

  std::mutex mutex_;
  std::vector<std::string> requests_;
  std::atomic<bool> has_changed_ = false;
  ScriptedServer server_{answering([this](const std::string& request) { return serve(request); })};
  ScriptedServer large_{
      answering([](const std::string&) { return ok(std::string(200'000, 'x')); })};
  test::TemporaryDirectory directory_;
  fs::path out_ = directory_.path() / "out";
  std::string journal_ = (directory_.path() / "job.db").string();
};

TEST_F(FetchFilesTest, SkipsWhatIsThere) {
  write("a", "mine");
  const Outcome outcome = save({"--skip-existing"}, {"/a", "/b"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(content_of(out_ / "a"), "mine");
  EXPECT_EQ(content_of(out_ / "b"), "/b");
  EXPECT_NE(outcome.err.find("2 URLs: 2 ok (1 there already), 0 failed"), std::string::npos)
      << outcome.err;
  for (const Json& result : outcome.lines()) {
    const bool is_there = result["url"] == server_.url("/a");
    EXPECT_EQ(result.contains("skipped"), is_there);
    if (!is_there) continue;
    EXPECT_EQ(result["skipped"], "exists");
    EXPECT_TRUE(result["status"].is_null());
    EXPECT_TRUE(result["error"].is_null());
    EXPECT_EQ(result["saved_to"], (out_ / "a").string());
  }
}

TEST_F(FetchFilesTest, SkipsNothingThatHasAnotherChecksum) {
  write("a", "/a");
  write("b", "torn");
  const std::string list =
      line("/a", proto::sha256_hex("/a")) + line("/b", proto::sha256_hex("/b"));
  const Outcome outcome = save_list({"--skip-existing"}, list);
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(content_of(out_ / "b"), "/b");
}

TEST_F(FetchFilesTest, SkipsInAJournalToo) {
  write("a", "mine");
  const Outcome outcome = save({"--skip-existing", "--job", journal_}, {"/a", "/b"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(count(), 1U);
  EXPECT_EQ(save({"--job", journal_}, {"/a", "/b"}).code, 0);
  EXPECT_EQ(count(), 1U);
}

TEST_F(FetchFilesTest, FetchesOnlyWhatIsNewerByTheTimeOfTheFile) {
  EXPECT_EQ(save({"--if-modified"}, {"/a"}).code, 0);
  EXPECT_EQ(modified(out_ / "a"), kModifiedSeconds);
  const Outcome second = save({"--if-modified"}, {"/a"});
  EXPECT_EQ(second.code, 0);
  EXPECT_EQ(second.line()["skipped"], "not_modified");
  EXPECT_EQ(second.line()["status"], 304);
  EXPECT_TRUE(second.line()["error"].is_null());
  EXPECT_EQ(second.line()["saved_to"], (out_ / "a").string());
  EXPECT_NE(second.err.find("1 ok (1 not modified)"), std::string::npos) << second.err;
  EXPECT_EQ(content_of(out_ / "a"), "/a");
  has_changed_ = true;
  EXPECT_FALSE(save({"--if-modified"}, {"/a"}).line().contains("skipped"));
  EXPECT_EQ(content_of(out_ / "a"), "new /a");
  EXPECT_EQ(files(), std::set<std::string>({"a"}));
}

TEST_F(FetchFilesTest, LeavesConditionsOfTheUsersOwnAlone) {
  write("a", "old");
  const Outcome outcome = save({"--if-modified", "-H", "If-None-Match: \"other\""}, {"/a"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(first_request().find("If-Modified-Since"), std::string::npos);
}

TEST_F(FetchFilesTest, LooksAgainAfterAJobThatIsDone) {
  const std::vector<std::string> options = {"--if-modified", "--job", journal_};
  EXPECT_EQ(save(options, {"/e1", "/e2"}).code, 0);
  const Outcome second = save(options, {"/e1", "/e2"});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(count(), 4U);
  EXPECT_NE(second.err.find("2 ok (2 not modified)"), std::string::npos) << second.err;
  has_changed_ = true;
  EXPECT_EQ(save(options, {"/e1", "/e2"}).code, 0);
  EXPECT_EQ(content_of(out_ / "e1"), "new /e1");
  EXPECT_EQ(save({"--job", journal_}, {"/e1", "/e2"}).code, 0);
  EXPECT_EQ(count(), 6U) << "without the option, done is done";
  for (const Json& result : run_command({"jobs", journal_, "--export", "jsonl"}).lines()) {
    EXPECT_EQ(result["state"], "done");
    EXPECT_EQ(result["sha256"], proto::sha256_hex(content_of(result["file"].get<std::string>())));
  }
}

TEST_F(FetchFilesTest, LeavesNoFileWithAWrongChecksum) {
  const std::string right = proto::sha256_hex("/a");
  std::string capitals = right;
  for (char& c : capitals) c = static_cast<char>(std::toupper(c));
  for (const auto& options :
       {std::vector<std::string>{}, std::vector<std::string>{"--job", journal_}}) {
    const Outcome outcome =
        save_list(options, line("/a", capitals) + line("/b", right) + line("/c", "12"));
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(files(), std::set<std::string>({"a"}));
    for (const Json& result : outcome.lines()) {
      if (result["url"] == server_.url("/a")) {
        EXPECT_TRUE(result["error"].is_null());
      } else if (result["url"] == server_.url("/b")) {
        EXPECT_EQ(result["error"]["kind"], "checksum");
        EXPECT_EQ(result["error"]["class"], "ChecksumError");
        EXPECT_EQ(result["status"], 200);
        EXPECT_TRUE(result["saved_to"].is_null());
      } else {
        EXPECT_EQ(result["error"]["kind"], "url");
      }
    }
  }
}

TEST_F(FetchFilesTest, TakesListsOfCsv) {
  const std::string list = "sha256,url,output\r\n" + proto::sha256_hex("/a") + "," +
                           server_.url("/a") + ",x/one\r\n,\"" + server_.url("/b,c") +
                           "\",\r\n# no row\r\n" + proto::sha256_hex("/") + "," +
                           server_.url("/d") + "\r\n";
  for (const auto& options :
       {std::vector<std::string>{}, std::vector<std::string>{"--job", journal_}}) {
    const Outcome outcome = save_list(options, list);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.lines().size(), 3U);
    EXPECT_EQ(files(), std::set<std::string>({"x/one", "b,c"}));
  }
}

TEST_F(FetchFilesTest, RefusesColumnsThatThereAreNot) {
  const Outcome outcome = save_list({}, "url,sha265\n" + server_.url("/a") + ",12\n");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.line()["error"]["message"], "\"sha265\" is not known");
  EXPECT_EQ(count(), 0U);
}

TEST_F(FetchFilesTest, ReportsAFullDiskPerItemAndTriesAgain) {
  if (::geteuid() != 0) GTEST_SKIP() << "mounting needs root";
  fs::create_directories(out_);
  const std::string command = "mount -t tmpfs -o size=64k none '" + out_.string() + "' && '" +
                              RONDO_COMMAND + "' fetch -c 1 --jsonl --quiet --retries 1 -o '" +
                              out_.string() + "' '" + large_.url("/large") + "' '" +
                              server_.url("/small") + "'; echo \\$?; ls -A '" + out_.string() + "'";
  const std::string text = output_of("unshare -m sh -c \"" + command + "\" 2>&1");
  if (text.find("unshare") != std::string::npos || text.find("mount:") != std::string::npos) {
    GTEST_SKIP() << text;
  }
  EXPECT_NE(text.find("No space left on device"), std::string::npos) << text;
  EXPECT_NE(text.find("\"kind\": \"io\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"attempts\": 2"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("1\nsmall\n")) << text;
}

TEST_F(FetchFilesTest, RefusesWhatCannotGoTogether) {
  const std::vector<std::vector<std::string>> refused = {{"--skip-existing", "--if-modified"},
                                                         {"--skip-existing", "-J"},
                                                         {"--if-modified", "--name", "{status}"},
                                                         {"--split", "0"},
                                                         {"--split", "65"}};
  for (const auto& options : refused) {
    EXPECT_EQ(save(options, {"/a"}).code, 2);
  }
  for (const char* option : {"--skip-existing", "--if-modified"}) {
    EXPECT_EQ(run_command({"fetch", option, server_.url("/a")}).code, 2) << option;
  }
  EXPECT_EQ(server_.connections(), 0);
}

}  // namespace
}  // namespace rondo::cli
