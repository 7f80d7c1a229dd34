// Names of files: templates, and what servers say.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "rondo/proto/digest.hpp"

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

std::string named_answer(const std::string& request) {
  const std::string path = path_of(request);
  if (path.starts_with("/report")) {
    return answer("200 OK", "Content-Disposition: attachment; filename=\"../r.pdf\"\r\n", path);
  }
  if (path == "/missing") return answer("404 Not Found", "", "gone");
  return ok("body of " + path);
}

class FetchNamesTest : public ::testing::Test {
 protected:
  Outcome save(const std::vector<std::string>& options, const std::vector<std::string>& paths) {
    std::vector<std::string> arguments = {"fetch", "-c", "1", "--jsonl", "-o", out_.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    for (const std::string& path : paths) arguments.push_back(server_.url(path));
    return run_command(arguments);
  }
  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(out_)) {
      if (!entry.is_directory()) names.insert(entry.path().lexically_relative(out_).string());
    }
    return names;
  }

  ScriptedServer server_{answering(named_answer)};
  test::TemporaryDirectory directory_;
  fs::path out_ = directory_.path() / "out";
};

TEST_F(FetchNamesTest, FollowATemplate) {
  const Outcome outcome = save({"--name", "{host}/{path}"}, {"/a/b", "/a/c?x", "/", "/a"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(files(), std::set<std::string>({"127.0.0.1/a/b", "127.0.0.1/a/c",
                                            "127.0.0.1/index.html", "127.0.0.1/a-2"}));
  for (const Json& line : outcome.lines()) {
    const std::string digest = proto::sha256_hex(content_of(line["saved_to"].get<std::string>()));
    EXPECT_EQ(line["body_sha256"], digest);
  }
}

TEST_F(FetchNamesTest, MayBeOfTheAnswer) {
  const Outcome outcome = save({"--name", "{status}/{file}"}, {"/a", "/missing", "/x/a"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(files(), std::set<std::string>({"200/a", "200/a-2", "404/missing"}));
}

TEST_F(FetchNamesTest, MayBeOfTheBody) {
  EXPECT_EQ(save({"--name", "{sha256}"}, {"/a"}).code, 0);
  EXPECT_EQ(files(), std::set<std::string>({proto::sha256_hex("body of /a")}));
}

TEST_F(FetchNamesTest, AreTheServersOnRequestOnly) {
  EXPECT_EQ(save({}, {"/report/1"}).code, 0);
  EXPECT_EQ(save({"-J"}, {"/report/1", "/report/2", "/a"}).code, 0);
  EXPECT_EQ(files(), std::set<std::string>({"1", "r.pdf", "r-2.pdf", "a"}));
  EXPECT_EQ(content_of(out_ / "r-2.pdf"), "/report/2");
}

TEST_F(FetchNamesTest, OfTheInputGoBeforeTheTemplate) {
  const std::string list = R"({"url": ")" + server_.url("/a") + R"(", "output": "mine"})" + "\n" +
                           server_.url("/b") + "\n";
  const Outcome outcome = run_command(
      {"fetch", "-o", out_.string(), "--name", "{index:3}", "-i", "-"}, {.input = list});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(files(), std::set<std::string>({"mine", "002"}));
}

TEST_F(FetchNamesTest, AreKeptInTheJournal) {
  const std::vector<std::string> options = {"-J", "--job", (directory_.path() / "j.db").string()};
  EXPECT_EQ(save(options, {"/report/1", "/report/2"}).code, 0);
  EXPECT_EQ(files(), std::set<std::string>({"r.pdf", "r-2.pdf"}));
  std::set<std::string> known;
  for (const Json& line : run_command({"jobs", options[2], "--export", "jsonl"}).lines()) {
    known.insert(line["file"].get<std::string>());
  }
  EXPECT_EQ(known, std::set<std::string>({(out_ / "r.pdf").string(), (out_ / "r-2.pdf").string()}));
  EXPECT_EQ(save(options, {"/report/1", "/report/2", "/report/3"}).code, 0);
  EXPECT_EQ(files(), std::set<std::string>({"r.pdf", "r-2.pdf", "r-3.pdf"}));
}

TEST_F(FetchNamesTest, OfAWrongTemplateAreAUsageErrorBeforeAnyTraffic) {
  for (const char* text : {"{nothing}", "../{file}", "/x", "{file", "x/../../y"}) {
    const Outcome outcome = save({"--name", text}, {"/a"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("--name: "), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(run_command({"fetch", "--name", "{file}", server_.url("/a")}).code, 2);
  EXPECT_EQ(run_command({"fetch", "-J", server_.url("/a")}).code, 2);
  EXPECT_EQ(server_.connections(), 0);
  EXPECT_NE(save({"--name", "{nothing}"}, {"/a"}).err.find("there are {scheme}, {host}"),
            std::string::npos);
}

}  // namespace
}  // namespace rondo::cli
