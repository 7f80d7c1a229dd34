// Jobs that survive: stopped, killed, and started again.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

/// The value of a field of a request; empty without it.
std::string field_of(const std::string& request, const std::string& name) {
  const auto begin = request.find("\r\n" + name + ": ");
  if (begin == std::string::npos) return "";
  const auto value = begin + name.size() + 4;
  return request.substr(value, request.find("\r\n", value) - value);
}

/// A server that notes what it is asked for.
class Noted {
 public:
  void add(const std::string& request) {
    const std::lock_guard guard(mutex_);
    requests_.push_back(request);
  }
  std::vector<std::string> all() const {
    const std::lock_guard guard(mutex_);
    return requests_;
  }
  std::size_t count() const { return all().size(); }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
};

class FetchJobTest : public ::testing::Test {
 protected:
  std::vector<std::string> command(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"fetch",       "-i",    list_.string(),   "-o",
                                          out_.string(), "--job", journal_.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  void write_list(const std::vector<std::string>& urls) const {
    std::ofstream file(list_);
    for (const std::string& url : urls) file << url << "\n";
  }

  std::vector<Json> results() const {
    return run_command({"jobs", journal_.string(), "--export", "jsonl"}).lines();
  }

  std::size_t temporary_files() const {
    return static_cast<std::size_t>(
        std::count_if(fs::directory_iterator(out_), fs::directory_iterator(),
                      [](const auto& entry) { return entry.path().extension() == ".part"; }));
  }

  test::TemporaryDirectory directory_;
  fs::path list_ = directory_.path() / "urls.txt";
  fs::path out_ = directory_.path() / "out";
  fs::path journal_ = directory_.path() / "job.db";
  Noted noted_;
};

class PlainFetchJobTest : public FetchJobTest {
 protected:
  std::atomic<bool> is_missing_ = true;
  ScriptedServer server_{answering([this](const std::string& request) {
    noted_.add(request);
    const std::string path = path_of(request);
    if (path == "/missing" && is_missing_) return answer("404 Not Found", "", "no");
    return ok("body of " + path);
  })};
};

TEST_F(PlainFetchJobTest, FetchesNothingThatIsDone) {
  write_list({server_.url("/a"), server_.url("/b")});
  EXPECT_EQ(run_command(command()).code, 0);
  const Outcome second = run_command(command());
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(noted_.count(), 2U);
  EXPECT_EQ(content_of(out_ / "a"), "body of /a");
  const auto all = results();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["url"], server_.url("/a"));
  EXPECT_EQ(all[0]["state"], "done");
  EXPECT_EQ(all[0]["status"], 200);
  EXPECT_EQ(all[0]["sha256"].get<std::string>().size(), 64U);
  EXPECT_EQ(all[0]["file"], (out_ / "a").string());
  EXPECT_TRUE(all[0]["error"].is_null());
}

TEST_F(PlainFetchJobTest, AddsWhatIsNewInTheList) {
  write_list({server_.url("/a")});
  static_cast<void>(run_command(command()));
  write_list({server_.url("/a"), server_.url("/b")});
  static_cast<void>(run_command(command()));
  EXPECT_EQ(noted_.count(), 2U);
  write_list({server_.url("/c"), server_.url("/b"), server_.url("/b")});
  static_cast<void>(run_command(command()));
  EXPECT_EQ(noted_.count(), 4U);
  EXPECT_EQ(results().size(), 4U);
  EXPECT_EQ(content_of(out_ / "b-2"), "body of /b");
}

TEST_F(PlainFetchJobTest, GoesOnWithoutTheList) {
  write_list({server_.url("/a")});
  static_cast<void>(run_command(command()));
  const Outcome second =
      run_command({"fetch", "--job", journal_.string(), "-o", out_.string(), server_.url("/x")});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(noted_.count(), 2U);
  EXPECT_EQ(run_command({"fetch", "--job", journal_.string(), "-o", out_.string()}).code, 0);
  EXPECT_EQ(noted_.count(), 2U);
}

TEST_F(PlainFetchJobTest, TakesUpFailuresWhenAskedTo) {
  write_list({server_.url("/missing")});
  EXPECT_EQ(run_command(command({"--fail"})).code, 1);
  EXPECT_EQ(run_command(command({"--fail"})).code, 1);
  EXPECT_EQ(noted_.count(), 1U);
  EXPECT_EQ(results().front()["error"]["kind"], "status");
  is_missing_ = false;
  EXPECT_EQ(run_command(command({"--fail", "--retry-failed"})).code, 0);
  EXPECT_EQ(noted_.count(), 2U);
  EXPECT_EQ(content_of(out_ / "missing"), "body of /missing");
  EXPECT_EQ(results().front()["attempts"], 2);
}

TEST_F(PlainFetchJobTest, ShowsItsState) {
  write_list({server_.url("/a"), server_.url("/missing")});
  static_cast<void>(run_command(command({"--fail"})));
  const Outcome shown = run_command({"jobs", journal_.string()});
  EXPECT_EQ(shown.code, 0);
  EXPECT_NE(shown.out.find("done       1"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("failed     1 (status 1)"), std::string::npos) << shown.out;
  const Outcome csv = run_command({"jobs", journal_.string(), "--export", "csv"});
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 3);
  EXPECT_EQ(run_command({"jobs", journal_.string(), "--retry-failed"}).out,
            "1 failed URLs wait again\n");
}

TEST_F(PlainFetchJobTest, RefusesAnotherDirectoryBeforeItSendsAnything) {
  write_list({server_.url("/a")});
  static_cast<void>(run_command(command()));
  const Outcome other =
      run_command({"fetch", "-i", list_.string(), "-o", (directory_.path() / "other").string(),
                   "--job", journal_.string()});
  EXPECT_EQ(other.code, 2);
  EXPECT_NE(other.err.find("was made with -o"), std::string::npos) << other.err;
  EXPECT_EQ(run_command({"jobs", list_.string()}).code, 2);
  EXPECT_EQ(noted_.count(), 1U);
}

TEST_F(PlainFetchJobTest, NotesABadLineAsAFailure) {
  write_list({"{\"url\": 7}", server_.url("/a")});
  EXPECT_EQ(run_command(command()).code, 1);
  const auto all = results();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["state"], "failed");
  EXPECT_EQ(all[0]["error"]["kind"], "url");
  EXPECT_EQ(all[1]["state"], "done");
}

const std::string kLarge = [] {
  std::string text;
  for (int i = 0; text.size() < 400000; ++i) text += std::to_string(i) + ";";
  return text;
}();

/// Serves `kLarge` in two halves, the second of which it holds back while `holds` is set.
class HalfFetchJobTest : public FetchJobTest {
 protected:
  void serve(ServerConnection& connection) {
    for (auto request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      noted_.add(request);
      const std::string range = field_of(request, "Range");
      const bool fits = ranges_ && field_of(request, "If-Range") == etag_.load();
      if (!range.empty() && status_416_) {
        connection.send(answer("416 Range Not Satisfiable", ""));
        continue;
      }
      if (fits) {
        send_rest(connection, std::stoul(range.substr(6)));
        continue;
      }
      connection.send(std::string("HTTP/1.1 200 OK\r\nETag: ") + etag_.load() +
                      "\r\nContent-Length: " + std::to_string(kLarge.size()) + "\r\n\r\n" +
                      kLarge.substr(0, 200000));
      if (holds_) return connection.wait_for_end();
      connection.send(kLarge.substr(200000));
    }
  }

  void send_rest(ServerConnection& connection, std::size_t from) const {
    connection.send(std::string("HTTP/1.1 206 Partial Content\r\nETag: ") + etag_.load() +
                    "\r\nContent-Length: " + std::to_string(kLarge.size() - from) +
                    "\r\nContent-Range: bytes " + std::to_string(from) + "-" +
                    std::to_string(kLarge.size() - 1) + "/" + std::to_string(kLarge.size()) +
                    "\r\n\r\n" + kLarge.substr(from));
  }

  std::uintmax_t half_size() const {
    for (const auto& entry : fs::directory_iterator(out_)) {
      if (entry.path().extension() == ".part") return entry.file_size();
    }
    return 0;
  }

  /// Runs the command until half of the file and its record are there, and ends it with `signal`.
  void stop_halfway(int signal) {
    write_list({server_.url("/large")});
    RunningCommand running(command());
    running.process().wait_until(
        [&] { return fs::exists(out_) && half_size() == 200000 && has_record(); });
    running.process().signal(signal);
    static_cast<void>(running.wait());
    EXPECT_EQ(half_size(), 200000U);
    holds_ = false;
  }

  bool has_record() const {
    const auto all = results();
    return all.size() == 1 && !all[0]["etag"].is_null();
  }

  void finish() {
    const Outcome second = run_command(command());
    EXPECT_EQ(second.code, 0) << second.err;
    EXPECT_EQ(content_of(out_ / "large"), kLarge);
    EXPECT_EQ(temporary_files(), 0U);
    const Json result = results().front();
    EXPECT_EQ(result["state"], "done");
    EXPECT_EQ(result["bytes"], kLarge.size());
    hash_ = result["sha256"];
  }

  std::atomic<bool> holds_ = true;
  std::atomic<bool> ranges_ = true;
  std::atomic<bool> status_416_ = false;
  std::atomic<const char*> etag_ = "\"one\"";
  std::string hash_;
  ScriptedServer server_{[this](ServerConnection& connection) { serve(connection); }};
};

class StoppedFetchJobTest : public HalfFetchJobTest, public ::testing::WithParamInterface<int> {};

TEST_P(StoppedFetchJobTest, GoesOnWithHalfAFile) {
  stop_halfway(GetParam());
  finish();
  const auto requests = noted_.all();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(field_of(requests[1], "Range"), "bytes=200000-");
  EXPECT_EQ(field_of(requests[1], "If-Range"), "\"one\"");
  EXPECT_EQ(field_of(requests[1], "Accept-Encoding"), "identity");
  const std::string whole = hash_;
  fs::remove_all(out_);
  fs::remove(journal_);
  finish();
  EXPECT_EQ(hash_, whole);
}

INSTANTIATE_TEST_SUITE_P(Signals, StoppedFetchJobTest, ::testing::Values(SIGKILL, SIGINT));

TEST_F(HalfFetchJobTest, FetchesTheWholeWhenTheValidatorHasChanged) {
  stop_halfway(SIGKILL);
  etag_ = "\"two\"";
  finish();
  EXPECT_EQ(noted_.count(), 2U);
}

TEST_F(HalfFetchJobTest, FetchesTheWholeFromAServerWithoutRanges) {
  stop_halfway(SIGKILL);
  ranges_ = false;
  finish();
}

TEST_F(HalfFetchJobTest, FetchesTheWholeAfterA416) {
  stop_halfway(SIGKILL);
  status_416_ = true;
  finish();
  EXPECT_EQ(noted_.count(), 3U);
}

TEST_F(HalfFetchJobTest, TrustsTheSizeOfTheFileAndNothingElse) {
  stop_halfway(SIGKILL);
  for (const auto& entry : fs::directory_iterator(out_)) fs::resize_file(entry.path(), 1000);
  finish();
  EXPECT_EQ(field_of(noted_.all()[1], "Range"), "bytes=1000-");
}

TEST_F(HalfFetchJobTest, StartsAnewWhenTheHalfIsGone) {
  stop_halfway(SIGKILL);
  for (const auto& entry : fs::directory_iterator(out_)) fs::remove(entry.path());
  finish();
  EXPECT_EQ(field_of(noted_.all()[1], "Range"), "");
}

TEST_F(HalfFetchJobTest, BelongsToOneProcessAtATime) {
  write_list({server_.url("/large")});
  RunningCommand running(command());
  running.process().wait_until([&] { return noted_.count() == 1; });
  const Outcome second = run_command(command());
  EXPECT_EQ(second.code, 2);
  EXPECT_NE(second.err.find("is in use by another rondo (process " +
                            std::to_string(running.process().pid())),
            std::string::npos)
      << second.err;
  running.process().signal(SIGTERM);
  EXPECT_EQ(running.wait(), 143);
}

TEST_F(PlainFetchJobTest, LosesAndDoublesNothingHoweverOftenItIsKilled) {
  std::vector<std::string> urls;
  for (int i = 0; i < 300; ++i) urls.push_back(server_.url("/f" + std::to_string(i)));
  write_list(urls);
  std::vector<Json> done;
  for (int kill = 0; kill < 5; ++kill) {
    const std::size_t before = noted_.count();
    RunningCommand running(command({"-c", "4"}));
    // On a quick machine one of them may come to the end of the list first.
    running.process().wait_until(
        [&] { return noted_.count() >= before + 20 || running.process().has_ended(); });
    running.process().signal(SIGKILL);
    static_cast<void>(running.wait());
  }
  const std::size_t before = noted_.count();
  std::vector<std::string> known;
  for (const Json& result : results()) {
    if (result["state"] == "done") known.push_back(result["url"]);
  }
  EXPECT_EQ(run_command(command()).code, 0);
  const auto requests = noted_.all();
  for (std::size_t i = before; i < requests.size(); ++i) {
    EXPECT_EQ(std::count(known.begin(), known.end(), server_.url(path_of(requests[i]))), 0);
  }
  for (const Json& result : results()) {
    EXPECT_EQ(result["state"], "done");
    EXPECT_TRUE(fs::exists(result["file"].get<std::string>()));
  }
  EXPECT_EQ(results().size(), 300U);
  EXPECT_EQ(temporary_files(), 0U);
}

}  // namespace
}  // namespace rondo::cli
