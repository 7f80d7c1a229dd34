// Where bodies and results go.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "rondo/proto/digest.hpp"

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

const std::string kBytes("a\0b\r\n\xff\x1b[2J", 9);

std::string answer_or_cut(const std::string& request) {
  const std::string path = path_of(request);
  if (path == "/missing") return answer("404 Not Found", "", "gone");
  if (path == "/cut") return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
  if (path.starts_with("/bytes")) return ok(kBytes);
  return ok("body of " + path);
}

/// Ends the connection after each answer, so that a cut body is cut.
void serve_once(ServerConnection& connection) {
  connection.send(answer_or_cut(connection.read_request()));
}

class FetchOutputTest : public ::testing::Test {
 protected:
  Outcome fetch(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "fetch");
    return run_command(arguments);
  }
  Outcome save(std::vector<std::string> urls) const {
    urls.insert(urls.begin(), {"-o", out_.string(), "--jsonl"});
    return fetch(urls);
  }
  /// The files that are there, relative to the output directory.
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(out_)) {
      if (!fs::is_directory(entry.symlink_status()))
        names.insert(entry.path().lexically_relative(out_).string());
    }
    return names;
  }

  ScriptedServer server_{serve_once};
  test::TemporaryDirectory directory_;
  fs::path out_ = directory_.path() / "out";
};

TEST_F(FetchOutputTest, WritesTheBodyOfASoleUrlByteForByteAndNothingElse) {
  const Outcome outcome = fetch({server_.url("/bytes")});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, kBytes);
  EXPECT_TRUE(outcome.err.starts_with("1 URL: 1 ok, 0 failed; 9 B in ")) << outcome.err;
}

TEST_F(FetchOutputTest, IsSilentWhenQuiet) {
  const Outcome outcome = fetch({"--quiet", server_.url("/bytes")});
  EXPECT_EQ(outcome.out, kBytes);
  EXPECT_EQ(outcome.err, "");
}

TEST_F(FetchOutputTest, WritesTheBodyOfTheSoleUrlOfAList) {
  const Outcome outcome =
      run_command({"fetch", "-i", "-"}, {.input = "# one\n" + server_.url("/bytes") + "\n"});
  EXPECT_EQ(outcome.out, kBytes);
}

TEST_F(FetchOutputTest, PrintsALineForEachOfSeveralUrls) {
  const Outcome outcome = fetch({server_.url("/a"), server_.url("/missing")});
  EXPECT_EQ(outcome.code, 0);
  std::set<std::string> starts;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) starts.insert(line.substr(0, 3));
  EXPECT_EQ(starts, std::set<std::string>({"200", "404"}));
}

TEST_F(FetchOutputTest, FailsAndSaysSoWhenTheBodyIsCut) {
  const Outcome outcome = fetch({server_.url("/cut")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "half");
  EXPECT_NE(outcome.err.find("rondo: "), std::string::npos);
}

TEST_F(FetchOutputTest, CountsAndHashesTheBodyInItsResult) {
  const Json result = fetch_json({server_.url("/bytes")});
  EXPECT_EQ(result["body_bytes"], 9);
  EXPECT_EQ(result["body_sha256"], proto::sha256_hex(kBytes));
  EXPECT_TRUE(result["saved_to"].is_null());
  EXPECT_FALSE(result.contains("body_base64"));
}

TEST_F(FetchOutputTest, IncludesTheBodyWhenAsked) {
  EXPECT_EQ(fetch_json({"--include-body", server_.url("/bytes")})["body_base64"], "YQBiDQr/G1sy");
}

TEST_F(FetchOutputTest, SavesBodiesUnderTheNamesOfTheirUrls) {
  const Outcome outcome = save({server_.url("/x/a.txt"), server_.url("/"), server_.url("/bytes")});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(files(), std::set<std::string>({"a.txt", "index.html", "bytes"}));
  EXPECT_EQ(content_of(out_ / "a.txt"), "body of /x/a.txt");
  EXPECT_EQ(content_of(out_ / "bytes"), kBytes);
  for (const Json& line : outcome.lines()) {
    const std::string digest = proto::sha256_hex(content_of(line["saved_to"].get<std::string>()));
    EXPECT_EQ(line["body_sha256"], digest);
  }
}

TEST_F(FetchOutputTest, KeepsResultsOfOneNameApart) {
  const Outcome outcome = save({server_.url("/1/a"), server_.url("/2/a"), server_.url("/3/a")});
  EXPECT_EQ(files(), std::set<std::string>({"a", "a-2", "a-3"}));
  EXPECT_EQ(content_of(out_ / "a"), "body of /1/a");
  EXPECT_EQ(content_of(out_ / "a-2"), "body of /2/a");
  EXPECT_EQ(content_of(out_ / "a-3"), "body of /3/a");
}

TEST_F(FetchOutputTest, NeverWritesOutsideTheDirectory) {
  const std::vector<std::string> paths = {
      "/..",       "/../../x", "/%2e%2e/y",     "/%2e%2e%2f%2e%2e%2fz", "/a%00b",
      "/..%5c..w", "//etc/p",  "/.%2e/%2e./.q", "/%2fetc%2fr",          "/c%0ad%1b"};
  std::vector<std::string> urls;
  for (const std::string& path : paths) urls.push_back(server_.url(path));
  const Outcome outcome = save(urls);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(files().size(), paths.size());
  std::size_t beside = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(directory_.path())) ++beside;
  EXPECT_EQ(beside, 1U);
}

TEST_F(FetchOutputTest, RefusesOutputNamesThatLeadOutside) {
  fs::create_directories(out_);
  const fs::path outside = directory_.path() / "outside";
  fs::create_directory(outside);
  fs::create_directory_symlink(outside, out_ / "link");
  std::string list;
  for (const char* name : {"../x", "/tmp/rondo-x", "a/../../x", "link/x"}) {
    list += R"({"url": ")" + server_.url("/a") + R"(", "output": ")" + name + "\"}\n";
  }
  const Outcome outcome =
      run_command({"fetch", "-o", out_.string(), "--jsonl", "-i", "-"}, {.input = list});
  EXPECT_EQ(outcome.code, 1);
  for (const Json& line : outcome.lines()) EXPECT_TRUE(line["saved_to"].is_null());
  EXPECT_TRUE(fs::is_empty(outside));
  EXPECT_EQ(files(), std::set<std::string>({"link"}));
}

TEST_F(FetchOutputTest, SavesUnderTheNameThatTheInputGives) {
  const std::string line =
      R"({"url": ")" + server_.url("/a") + R"(", "output": "deep/down/name.txt"})";
  const Outcome outcome = run_command({"fetch", "-o", out_.string(), "-i", "-"}, {.input = line});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(content_of(out_ / "deep/down/name.txt"), "body of /a");
}

TEST_F(FetchOutputTest, LeavesNoFileOfATransferThatFailed) {
  const Outcome outcome = save({server_.url("/cut")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(files(), std::set<std::string>());
  EXPECT_EQ(outcome.line()["error"]["kind"], "payload");
  EXPECT_TRUE(outcome.line()["saved_to"].is_null());
}

TEST_F(FetchOutputTest, ReportsAFileThatCannotHaveItsNameAsAnIoError) {
  fs::create_directories(out_ / "a" / "b");
  const Outcome outcome = save({server_.url("/a"), server_.url("/other")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(files(), std::set<std::string>({"other"}));
  for (const Json& line : outcome.lines()) {
    if (line["url"] == server_.url("/a")) {
      EXPECT_EQ(line["error"]["kind"], "io");
    }
  }
}

TEST_F(FetchOutputTest, ReportsAFileThatExceedsTheLimitAsAnIoError) {
  const ScriptedServer large(
      answering([](const std::string&) { return ok(std::string(200'000, 'x')); }));
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit low{100'000, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &low), 0);
  const Outcome outcome = save({large.url("/large"), server_.url("/small")});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(files(), std::set<std::string>({"small"}));
  for (const Json& result : outcome.lines()) {
    if (result["url"].get<std::string>() == large.url("/large")) {
      EXPECT_EQ(result["error"]["kind"], "io") << result;
    }
  }
}

TEST_F(FetchOutputTest, TakesAStatusForAnErrorOnlyWithFail) {
  const Json accepted = fetch_json({server_.url("/missing")});
  EXPECT_TRUE(accepted["error"].is_null());
  EXPECT_EQ(accepted["status"], 404);
  const Outcome failed = fetch({"--fail", "--jsonl", server_.url("/missing")});
  EXPECT_EQ(failed.code, 1);
  EXPECT_EQ(failed.line()["error"]["kind"], "status");
  EXPECT_EQ(failed.line()["error"]["class"], "ClientResponseError");
  EXPECT_EQ(failed.line()["status"], 404);
  EXPECT_EQ(fetch({"--fail", server_.url("/missing")}).out, "");
  EXPECT_EQ(fetch({"--fail", server_.url("/a")}).code, 0);
}

TEST_F(FetchOutputTest, TakesExactlyAsManyBytesAsAreAllowed) {
  EXPECT_TRUE(fetch_json({"--max-body", "9", server_.url("/bytes")})["error"].is_null());
  const Json over = fetch_json({"--max-body", "8", server_.url("/bytes")});
  EXPECT_EQ(over["error"]["kind"], "too_large");
  EXPECT_EQ(over["error"]["class"], "ResponseTooLarge");
  EXPECT_EQ(over["status"], 200);
}

TEST_F(FetchOutputTest, FailsWhenStandardOutputIsFull) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"fetch", "--jsonl", server_.url("/a")},
        std::vector<std::string>{"fetch", server_.url("/a")}}) {
    const Outcome outcome = run_command(arguments, {.output_path = "/dev/full"});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find("No space left"), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace rondo::cli
