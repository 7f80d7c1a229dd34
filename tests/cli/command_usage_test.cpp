// What the command refuses, it refuses before anything is sent.

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

using CommandWords = std::vector<std::string>;

class CommandUsageTest : public ::testing::Test {
 protected:
  /// Runs `rondo fetch` with `arguments` and a URL that works.
  Outcome fetch(CommandWords arguments) const {
    arguments.insert(arguments.begin(), "fetch");
    arguments.push_back(server_.url());
    return run_command(arguments);
  }

  void expect_refused(const CommandWords& arguments, const std::string& word) const {
    const Outcome outcome = fetch(arguments);
    EXPECT_EQ(outcome.code, 2) << word;
    EXPECT_EQ(outcome.out, "") << word;
    EXPECT_NE(outcome.err.find(word), std::string::npos) << outcome.err;
    EXPECT_EQ(server_.connections(), 0) << word;
  }

  ScriptedServer server_{answering([](const std::string&) { return ok("x"); })};
  test::TemporaryDirectory directory_;
  std::string missing_ = (directory_.path() / "missing").string();
  std::string file_ = directory_.write("file", "x").string();
};

TEST_F(CommandUsageTest, RefusesUnknownOptionsAndMissingArguments) {
  expect_refused({"--nonsense"}, "--nonsense");
  expect_refused({"-c"}, "-c");
  expect_refused({"--timeout", "soon"}, "--timeout");
}

TEST_F(CommandUsageTest, RefusesFilesThatCannotBeRead) {
  expect_refused({"-i", missing_}, "missing");
  expect_refused({"-i", directory_.path().string()}, "directory");
  expect_refused({"-d", "@" + missing_}, "missing");
  expect_refused({"--cacert", missing_}, "missing");
  expect_refused({"--cacert", file_}, "file");
  expect_refused({"--cert", missing_}, "missing");
  expect_refused({"-F", "a=@" + missing_}, "missing");
  expect_refused({"-F", "novalue"}, "--form");
  expect_refused({"-F", "a=b", "-d", "c"}, "--form");
  expect_refused({"--cookie-jar", directory_.path().string()}, "--cookie-jar");
  expect_refused({"--hsts", directory_.path().string()}, "--hsts");
}

TEST_F(CommandUsageTest, RefusesPlacesThatCannotBeWritten) {
  expect_refused({"-o", file_}, "--output");
  expect_refused({"-o", file_ + "/below"}, "--output");
  expect_refused({"--cookie-jar", missing_ + "/jar"}, "--cookie-jar");
  expect_refused({"--hsts", missing_ + "/hosts"}, "--hsts");
}

TEST_F(CommandUsageTest, RefusesWhatIsNotBuiltYet) {
  expect_refused({"--digest"}, "--user");
  expect_refused({"--http2"}, "not built yet");
  expect_refused({"--http3"}, "not built yet");
}

TEST_F(CommandUsageTest, RefusesRequestsThatWouldBeSplitInTwo) {
  expect_refused({"-X", "GET / HTTP/1.1\r\nX: y"}, "--request");
  expect_refused({"-H", "A: b\r\nC: d"}, "--header");
  expect_refused({"-H", "A: b\nC: d"}, "--header");
  expect_refused({"-A", "a\r\nB: c"}, "User-Agent");
  expect_refused({"--proxy-header", "A: b\r\nC: d"}, "--proxy-header");
  expect_refused({"--proxy-header", "Content-Length: 3"}, "--proxy-header");
}

TEST_F(CommandUsageTest, RefusesDigestForAProxyThatHasNoPassword) {
  expect_refused({"--proxy-digest"}, "--proxy");
  expect_refused({"--proxy", server_.url(), "--proxy-digest"}, "--proxy-digest");
  expect_refused({"--proxy", "socks5://a:b@127.0.0.1:1", "--proxy-digest"}, "HTTP");
}

TEST_F(CommandUsageTest, RefusesWithoutAUrl) {
  EXPECT_EQ(run_command({"fetch"}).code, 2);
  const Outcome empty = run_command({"fetch", "-i", "-"}, {.input = "# nothing\n\n"});
  EXPECT_EQ(empty.code, 2);
  EXPECT_NE(empty.err.find("no URL"), std::string::npos);
}

TEST_F(CommandUsageTest, RefusesAListThatCannotBeRead) {
  // It can be opened, but there is nothing at its beginning.
  const std::string list = "/proc/self/mem";
  const Outcome alone = run_command({"fetch", "-i", list});
  EXPECT_EQ(alone.code, 2);
  EXPECT_NE(alone.err.find("cannot read the list of URLs"), std::string::npos) << alone.err;
  EXPECT_EQ(fetch({"-i", list}).code, 1);
}

TEST(Command, RefusesCommandsThatThereAreNot) {
  EXPECT_EQ(run_command({}).code, 2);
  EXPECT_EQ(run_command({"nonsense"}).code, 2);
  const Outcome outcome = run_command({"ws", "x"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("not built yet"), std::string::npos);
}

TEST(Command, ShowsItsHelpAndVersion) {
  EXPECT_EQ(run_command({"--help"}).code, 0);
  EXPECT_TRUE(run_command({"--version"}).out.starts_with("rondo "));
  const Outcome help = run_command({"fetch", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_EQ(help.err, "");
  EXPECT_EQ(help.out.find("\n\n\n"), std::string::npos) << help.out;
  std::size_t last = 0;
  for (const char* group : {"Input:", "Request:", "Limits:", "Output:"}) {
    const std::size_t at = help.out.find(group);
    ASSERT_NE(at, std::string::npos) << group;
    EXPECT_GT(at, last);
    last = at;
  }
  for (const char* option : {"--cookie-jar", "--deny-private", "--per-host", "--jsonl", "--fail"}) {
    EXPECT_NE(help.out.find(option), std::string::npos) << option;
  }
}

TEST(Command, PrintsThePartsOfAUrl) {
  const Outcome parts = run_command({"url", "--base", "http://a.test/b/", "../c?d"});
  EXPECT_EQ(parts.code, 0);
  EXPECT_EQ(parts.line()["href"], "http://a.test/c?d");
  const Outcome error = run_command({"url", "nonsense"});
  EXPECT_EQ(error.code, 1);
  EXPECT_TRUE(error.line()["error"].is_string());
  EXPECT_EQ(run_command({"url"}).code, 2);
  EXPECT_EQ(run_command({"url", "--batch", "http://a.test/"}).code, 2);
  const Outcome twice = run_command({"url", "--base", "http://a/", "--base", "http://b/", "c"});
  EXPECT_EQ(twice.code, 2);
  EXPECT_NE(twice.err.find("--base can be given only once"), std::string::npos) << twice.err;
}

TEST(Command, AnswersABatchOfUrlsLineByLine) {
  const Outcome outcome =
      run_command({"url", "--batch"},
                  {.input = "{\"input\": \"http://a.test\"}\n{\"input\": \"no\"}\nnonsense\n"
                            "{\"input\": \"\\ud800\", \"base\": \"http://a.test\"}\n"});
  EXPECT_EQ(outcome.code, 0);
  const auto lines = outcome.lines();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0]["href"], "http://a.test/");
  EXPECT_TRUE(lines[1].contains("error"));
  EXPECT_TRUE(lines[2].contains("error"));
  EXPECT_EQ(lines[3]["href"], "http://a.test/%EF%BF%BD");
}

TEST(Command, FailsWhenABatchCannotBeRead) {
  const Outcome outcome = run_command({"url", "--batch"}, {.input_path = "/"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.err.find("cannot read standard input"), std::string::npos) << outcome.err;
}

TEST(Command, FailsWhenStandardOutputCannotBeWritten) {
  for (const CommandWords& arguments : {CommandWords{"--version"},
                                        {"url", "http://a.test/"},
                                        {"url", "none"},
                                        {"fetch", "--help"}}) {
    const Outcome outcome = run_command(arguments, {.output_path = "/dev/full"});
    EXPECT_EQ(outcome.code, 1) << arguments.front();
    EXPECT_EQ(outcome.err, "rondo: cannot write to standard output\n") << arguments.front();
  }
}

}  // namespace
}  // namespace rondo::cli
