// Where URLs come from.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "rondo/proto/base64.hpp"

#include "cli/descriptor.hpp"
#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

/// Answers with the request that it got.
ScriptedServer::Serve echo() {
  return answering([](const std::string& request) { return ok(request); });
}

class FetchInputTest : public ::testing::Test {
 protected:
  /// `rondo fetch --jsonl` with that list; results by the URL's path.
  std::map<std::string, Json> fetch(const std::string& list,
                                    std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"fetch", "--jsonl", "--include-body", "-i", "-"});
    const Outcome outcome = run_command(arguments, {.input = list});
    code_ = outcome.code;
    std::map<std::string, Json> results;
    for (const Json& line : outcome.lines()) {
      const std::string url = line["url"];
      results.emplace(url.starts_with(server_.url("")) ? url.substr(server_.url("").size()) : url,
                      line);
    }
    return results;
  }

  ScriptedServer server_{echo()};
  int code_ = -1;
};

TEST_F(FetchInputTest, TakesUrlsOfTheCommandLineAndOfAList) {
  const test::TemporaryDirectory directory;
  const auto list = directory.write(
      "list", "# comment\n\n" + server_.url("/b") + "\r\n  " + server_.url("/c") + "  ");
  const Outcome outcome =
      run_command({"fetch", "--jsonl", server_.url("/a"), "-i", list.string(), server_.url("/d")});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.lines().size(), 4U);
}

TEST_F(FetchInputTest, TakesEachLineAsARequestOfItsOwn) {
  const std::string url = R"({"url": ")" + server_.url("");
  const auto results =
      fetch(url + "/get\"}\n" + url +
            R"(/put", "method": "PUT", "headers": [["X-A", "1"], ["X-A", "2"]],)" +
            R"( "body": "t\u00e9xt"})" + "\n" + url + R"(/post", "body_base64": "AP8="})");
  EXPECT_EQ(code_, 0);
  const auto sent = [&](const std::string& path) {
    return *proto::base64_decode(results.at(path)["body_base64"].get<std::string>());
  };
  EXPECT_TRUE(sent("/get").starts_with("GET /get HTTP/1.1\r\n"));
  EXPECT_TRUE(sent("/put").starts_with("PUT /put HTTP/1.1\r\n"));
  EXPECT_NE(sent("/put").find("X-A: 1\r\nX-A: 2\r\n"), std::string::npos);
  EXPECT_TRUE(sent("/put").ends_with("\r\n\r\nt\u00e9xt"));
  EXPECT_TRUE(sent("/post").starts_with("POST /post HTTP/1.1\r\n"));
  EXPECT_TRUE(sent("/post").ends_with(std::string("\r\n\r\n\0\xff", 6)));
}

TEST_F(FetchInputTest, GoesOnAfterAnUnusableLine) {
  const auto results = fetch("nonsense\n" + server_.url("/a") + "\nftp://a.test/\nhttp://\n" +
                             R"({"url": 5})" + "\nhttp://a.test/\rx\n" + server_.url("/b") + "\n");
  EXPECT_EQ(code_, 1);
  EXPECT_EQ(results.size(), 7U);
  for (const auto& [url, result] : results) {
    if (url == "/a" || url == "/b") {
      EXPECT_TRUE(result["error"].is_null());
    } else {
      EXPECT_EQ(result["error"]["kind"], "url") << url;
    }
  }
}

TEST_F(FetchInputTest, RefusesLineBreaksInAUrlInsteadOfDroppingThem) {
  const Outcome outcome =
      run_command({"fetch", "--jsonl", server_.url("/a\nb"), server_.url("/a\r\nX: y")});
  EXPECT_EQ(outcome.code, 1);
  for (const Json& line : outcome.lines()) EXPECT_EQ(line["error"]["kind"], "url");
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(FetchInputTest, NeedsADirectoryForOutputNames) {
  const auto results = fetch(R"({"url": ")" + server_.url("/a") + R"(", "output": "x"})");
  EXPECT_EQ(results.at("/a")["error"]["kind"], "url");
}

TEST_F(FetchInputTest, FetchesWhatHasArrivedBeforeTheListEnds) {
  const test::TemporaryDirectory directory;
  const auto fifo = directory.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  RunningCommand command({"fetch", "--jsonl", "-i", "-"}, {.input_path = fifo});
  const Descriptor writer(::open(fifo.c_str(), O_WRONLY | O_CLOEXEC));
  const auto say = [&](const std::string& text) {
    ASSERT_EQ(::write(writer.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  };
  const auto lines = [&] {
    const std::string out = command.out();
    return std::count(out.begin(), out.end(), '\n');
  };
  say(server_.url("/1") + "\n" + server_.url("/2"));
  command.process().wait_until([&] { return lines() == 1; });
  say("\n");
  command.process().wait_until([&] { return lines() == 2; });
  EXPECT_FALSE(command.process().has_ended());
}

TEST_F(FetchInputTest, AsksForASoleUrlBeforeItKnowsThatThereIsNoOther) {
  const test::TemporaryDirectory directory;
  const auto fifo = directory.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  RunningCommand command({"fetch", "-i", "-"}, {.input_path = fifo});
  {
    const Descriptor writer(::open(fifo.c_str(), O_WRONLY | O_CLOEXEC));
    const std::string url = server_.url("/1") + "\n";
    ASSERT_EQ(::write(writer.get(), url.data(), url.size()), static_cast<ssize_t>(url.size()));
    command.process().wait_until([&] { return server_.connections() == 1; });
    EXPECT_EQ(command.out(), "");
  }
  EXPECT_EQ(command.wait(), 0);
  EXPECT_TRUE(command.out().starts_with("GET /1 HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace rondo::cli
