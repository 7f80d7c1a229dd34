// Large files in several pieces at a time.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "rondo/proto/digest.hpp"

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

const std::string kBody = [] {
  std::string text;
  for (int i = 0; text.size() < (std::size_t{5} << 20); ++i) text += std::to_string(i) + ";";
  return text;
}();

std::string field_of(const std::string& request, const std::string& name) {
  const auto begin = request.find("\r\n" + name + ": ");
  if (begin == std::string::npos) return "";
  const auto value = begin + name.size() + 4;
  return request.substr(value, request.find("\r\n", value) - value);
}

/// Of "bytes=5-9".
std::size_t first_of(const std::string& range) {
  return std::stoul(range.substr(6));
}
std::size_t last_of(const std::string& range) {
  return std::stoul(range.substr(range.find('-') + 1));
}

class FetchSplitTest : public ::testing::Test {
 protected:
  /// How the server answers a request for a piece.
  enum class Pieces { right, refused, ignored, changed, wrong, cut, held };

  void serve(ServerConnection& connection) {
    for (auto request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      const std::string range = field_of(request, "Range");
      {
        const std::lock_guard guard(mutex_);
        ranges_.push_back(range);
      }
      const bool goes_on = range.empty() ? send_whole(connection) : send_piece(connection, range);
      if (!goes_on) return;
      if (!range.empty()) ++served_;
    }
  }

  bool send_whole(ServerConnection& connection) const {
    connection.send("HTTP/1.1 200 OK\r\n" + fields_ +
                    "Content-Length: " + std::to_string(kBody.size()) + "\r\n\r\n");
    if (pieces_ == Pieces::held) {
      connection.send(kBody.substr(0, 1000));
      connection.wait_for_end();
      return false;
    }
    return connection.send(kBody);
  }

  bool send_piece(ServerConnection& connection, const std::string& range) {
    const std::size_t first = first_of(range);
    const std::size_t last = last_of(range);
    const std::string etag = pieces_ == Pieces::changed ? "\"two\"" : "\"one\"";
    switch (pieces_.load()) {
      case Pieces::refused:
        return connection.send(answer("429 Too Many Requests", "", "no"));
      case Pieces::ignored:
        return send_whole(connection);
      case Pieces::held:
        if (first > kBody.size() / 2) {
          connection.wait_for_end();
          return false;
        }
        break;
      default:
        break;
    }
    const std::size_t shift = pieces_ == Pieces::wrong ? 1 : 0;
    connection.send("HTTP/1.1 206 Partial Content\r\nETag: " + etag +
                    "\r\nContent-Length: " + std::to_string(last - first + 1) +
                    "\r\nContent-Range: bytes " + std::to_string(first + shift) + "-" +
                    std::to_string(last + shift) + "/" + std::to_string(kBody.size()) + "\r\n\r\n");
    const bool cuts = pieces_ == Pieces::cut && !has_cut_.exchange(true);
    if (cuts) {
      connection.send(kBody.substr(first, 1000));
      return false;
    }
    return connection.send(kBody.substr(first, last - first + 1));
  }

  Outcome fetch(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = command();
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(arguments);
  }
  std::vector<std::string> command() const {
    return {"fetch", "--jsonl", "--quiet", "--split", "4", "-o", out_.string(), server_.url("/f")};
  }
  std::vector<std::string> asked() {
    const std::lock_guard guard(mutex_);
    auto sorted = ranges_;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
  void forget() {
    const std::lock_guard guard(mutex_);
    ranges_.clear();
  }
  void expect_whole(const Outcome& outcome) {
    ASSERT_EQ(outcome.code, 0) << outcome.out;
    EXPECT_TRUE(content_of(out_ / "f") == kBody);
    EXPECT_EQ(std::distance(fs::directory_iterator(out_), fs::directory_iterator()), 1);
    EXPECT_EQ(outcome.line()["body_sha256"], proto::sha256_hex(kBody));
    EXPECT_EQ(outcome.line()["body_bytes"], kBody.size());
  }

  std::atomic<Pieces> pieces_ = Pieces::right;
  std::atomic<bool> has_cut_ = false;
  std::atomic<int> served_ = 0;
  std::string fields_ = "Accept-Ranges: bytes\r\nETag: \"one\"\r\n";
  std::mutex mutex_;
  std::vector<std::string> ranges_;
  ScriptedServer server_{[this](ServerConnection& connection) { serve(connection); }};
  test::TemporaryDirectory directory_;
  fs::path out_ = directory_.path() / "out";
  std::string journal_ = (directory_.path() / "job.db").string();
};

TEST_F(FetchSplitTest, AssemblesAFileFromPiecesThatAreFetchedAtATime) {
  expect_whole(fetch());
  const std::size_t piece = kBody.size() / 4;
  const auto range = [&](std::size_t first, std::size_t end) {
    return "bytes=" + std::to_string(first) + "-" + std::to_string(end - 1);
  };
  const auto all = asked();
  ASSERT_EQ(all.size(), 4U);
  for (const std::string& each : {std::string(), range(piece, 2 * piece),
                                  range(2 * piece, 3 * piece), range(3 * piece, kBody.size())}) {
    EXPECT_EQ(std::count(all.begin(), all.end(), each), 1) << each;
  }
}

TEST_F(FetchSplitTest, AsksForNoPieceWithoutTheOption) {
  expect_whole(run_command({"fetch", "--jsonl", "-o", out_.string(), server_.url("/f")}));
  EXPECT_EQ(asked(), std::vector<std::string>({""}));
}

TEST_F(FetchSplitTest, AsksForNoPieceOfABodyThatMayChange) {
  for (const char* fields :
       {"Accept-Ranges: bytes\r\n", "Accept-Ranges: bytes\r\nETag: W/\"one\"\r\n",
        "Accept-Ranges: none\r\nETag: \"one\"\r\n", "ETag: \"one\"\r\n"}) {
    fields_ = fields;
    forget();
    expect_whole(fetch());
    EXPECT_EQ(asked(), std::vector<std::string>({""})) << fields;
  }
}

TEST_F(FetchSplitTest, FallsBackToOneRequest) {
  for (const auto pieces : {Pieces::refused, Pieces::ignored, Pieces::changed, Pieces::wrong}) {
    pieces_ = pieces;
    expect_whole(fetch());
  }
}

TEST_F(FetchSplitTest, TakesUpAPieceWhoseConnectionBreaks) {
  pieces_ = Pieces::cut;
  expect_whole(fetch());
  EXPECT_TRUE(has_cut_);
  EXPECT_EQ(asked().size(), 5U);
}

TEST_F(FetchSplitTest, KeepsToTheLimitsOfBodies) {
  const Outcome outcome = fetch({"--max-body", "1000"});
  EXPECT_EQ(outcome.line()["error"]["kind"], "too_large");
  EXPECT_TRUE(fs::is_empty(out_));
}

TEST_F(FetchSplitTest, LeavesNothingWhenItIsInterrupted) {
  pieces_ = Pieces::held;
  RunningCommand running(command());
  running.process().wait_until([&] { return served_ > 0; });
  running.process().signal(SIGINT);
  EXPECT_EQ(running.wait(), 130);
  EXPECT_TRUE(fs::is_empty(out_));
}

TEST_F(FetchSplitTest, GoesOnWithWhatIsMissingAfterAKill) {
  pieces_ = Pieces::held;
  auto arguments = command();
  arguments.insert(arguments.end(), {"--job", journal_});
  {
    RunningCommand running(arguments);
    running.process().wait_until([&] { return served_ > 0; });
    running.process().signal(SIGINT);
    EXPECT_EQ(running.wait(), 130);
  }
  forget();
  pieces_ = Pieces::right;
  expect_whole(run_command(arguments));
  const auto all = asked();
  EXPECT_EQ(std::count(all.begin(), all.end(), ""), 0) << "nothing is fetched as a whole";
  std::size_t bytes = 0;
  for (const std::string& range : all) bytes += last_of(range) + 1 - first_of(range);
  EXPECT_LT(bytes, kBody.size() - 1000) << "what was there";
}

TEST_F(FetchSplitTest, StartsAnewAfterAKillWhenTheBodyHasChanged) {
  pieces_ = Pieces::held;
  auto arguments = command();
  arguments.insert(arguments.end(), {"--job", journal_});
  {
    RunningCommand running(arguments);
    running.process().wait_until([&] { return served_ > 0; });
    running.process().signal(SIGKILL);
    static_cast<void>(running.wait());
  }
  pieces_ = Pieces::changed;
  expect_whole(run_command(arguments));
}

}  // namespace
}  // namespace rondo::cli
