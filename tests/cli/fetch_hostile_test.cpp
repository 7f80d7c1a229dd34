// A hostile list and a hostile server: nothing is left outside of the directory, and nothing steers
// the terminal.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kNames = {"../x",
                                         "..",
                                         "/etc/rondo-hostile",
                                         "a/../../x",
                                         "..\\..\\x",
                                         "C:\\x",
                                         "\\\\host\\x",
                                         "con",
                                         "nul.txt",
                                         "x\x1b[2Jy",
                                         ".bashrc",
                                         "a/b/c",
                                         "link/x",
                                         "link",
                                         "deep/link/x",
                                         "x\u202ey",
                                         "~/x",
                                         " ",
                                         "file:///x",
                                         "%2e%2e%2fx",
                                         "$(touch x)",
                                         "-rf",
                                         std::string(300, 'n'),
                                         std::string("x\0y", 3)};

std::string percent(const std::string& text) {
  std::string out;
  for (const char c : text) {
    char piece[4];
    std::snprintf(piece, sizeof piece, "%%%02x",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += piece;
  }
  return out;
}

/// A value of a quoted string, as it comes: what cannot be in a header becomes a space.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const bool breaks = c == '\r' || c == '\n' || c == '\0' || c == '\x1b';
    if (c == '"' || c == '\\') out += '\\';
    out += breaks ? ' ' : c;
  }
  return out + "\"";
}

std::string hostile_answer(const std::string& request) {
  const std::string path = path_of(request);
  const std::string escapes =
      "\x1b]0;owned\x07 \x9b"
      "31m";
  if (path == "/to-file") return answer("302 Found", "Location: file:///etc/passwd\r\n");
  if (path == "/to-data") return answer("302 Found", "Location: data:text/html,x\r\n");
  if (path == "/to-gopher") return answer("302 Found", "Location: gopher://127.0.0.1/x\r\n");
  if (path == "/to-itself") return answer("302 Found", "Location: /to-itself\r\n");
  if (path == "/to-names") return answer("302 Found", "Location: /%2e%2e/%2e%2e%2f\x1b[2J\r\n");
  if (path == "/reason") return "HTTP/1.1 500 " + escapes + "\r\nContent-Length: 0\r\n\r\n";
  if (path == "/header") return answer("200 OK", "X-" + escapes + ": " + escapes + "\r\n", "x");
  if (path == "/smuggle") {
    return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  }
  if (path == "/bomb") return "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx";
  if (path.starts_with("/named/")) {
    const std::string& name = kNames.at(std::stoul(path.substr(7)));
    const bool extended = path.ends_with("e");
    return answer("200 OK",
                  "Content-Disposition: attachment; filename" +
                      (extended ? "*=UTF-8''" + percent(name) : "=" + quoted(name)) + "\r\n",
                  "named");
  }
  return answer("200 OK", "", "\x1b[2J body");
}

class FetchHostileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(out_ / "deep");
    fs::create_directory(outside_);
    std::ofstream(outside_ / "victim") << "untouched";
    fs::create_directory_symlink(outside_, out_ / "link");
    fs::create_directory_symlink(outside_, out_ / "deep" / "link");
    fs::create_symlink(outside_ / "victim", out_ / "index.html");
  }

  std::string list() const {
    std::string lines;
    for (const char* path : {"/to-file", "/to-data", "/to-gopher", "/to-itself", "/to-names",
                             "/reason", "/header", "/smuggle", "/bomb", "/", "/index.html"}) {
      lines += server_.url(path) + "\n";
    }
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      lines += server_.url("/named/" + std::to_string(i)) + "\n";
      lines += server_.url("/named/" + std::to_string(i) + "e") + "\n";
      lines += server_.url("/x/" + percent(kNames[i])) + "\n";
      lines += server_.url("/") + percent(kNames[i]) + "/" + percent(kNames[i]) + "?" +
               percent(kNames[i]) + "\n";
      Json object = {{"url", server_.url("/a")}, {"output", kNames[i]}};
      lines += object.dump() + "\n";
    }
    lines += "file:///etc/passwd\nhttp://[::1\n\x1b[2J\n{\"url\": \"http://a\\r\\nb/\"}\n{]\n";
    lines +=
        std::string("http://127.0.0.1/\0x\n", 20) + "javascript:x\n" + std::string(100000, 'x');
    return lines;
  }

  void expect_nothing_outside() const {
    EXPECT_EQ(content_of(outside_ / "victim"), "untouched");
    EXPECT_EQ(std::distance(fs::directory_iterator(outside_), fs::directory_iterator()), 1);
    std::vector<std::string> beside;
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      const std::string name = entry.path().filename().string();
      if (name != "out" && name != "outside" && !name.starts_with("job.db")) beside.push_back(name);
    }
    EXPECT_EQ(beside, std::vector<std::string>());
    EXPECT_FALSE(fs::exists("/etc/rondo-hostile"));
    for (const auto& entry : fs::recursive_directory_iterator(out_)) {
      const std::string name = entry.path().filename().string();
      EXPECT_LE(name.size(), 255U);
      EXPECT_EQ(std::count_if(name.begin(), name.end(),
                              [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
                0)
          << name;
      EXPECT_FALSE(name.ends_with(".part") && name.starts_with(".rondo-")) << name;
    }
  }

  static void expect_readable(const std::string& text) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      ASSERT_TRUE((byte >= 0x20 && byte != 0x7f) || c == '\n' || c == '\t') << text;
    }
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos);
    EXPECT_EQ(text.find("\u202e"), std::string::npos);
  }

  test::TemporaryDirectory directory_;
  fs::path out_ = directory_.path() / "out";
  fs::path outside_ = directory_.path() / "outside";
  ScriptedServer server_{answering(hostile_answer)};
};

class HostileNamesTest : public FetchHostileTest,
                         public ::testing::WithParamInterface<std::vector<std::string>> {};

TEST_P(HostileNamesTest, LeaveNothingOutsideAndAReadableTerminal) {
  std::vector<std::string> arguments = {"fetch",       "-i",        "-",  "-o",
                                        out_.string(), "--timeout", "20", "-vv"};
  arguments.insert(arguments.end(), GetParam().begin(), GetParam().end());
  if (std::find(arguments.begin(), arguments.end(), "--job") != arguments.end()) {
    arguments.push_back((directory_.path() / "job.db").string());
  }
  const Outcome outcome = run_command(arguments, {.input = list()});
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  expect_readable(outcome.err);
  expect_readable(outcome.out);
  expect_nothing_outside();
  for (const Json& line : outcome.lines()) {
    const bool is_redirect = line["url"].get<std::string>().find("/to-") != std::string::npos &&
                             line["url"] != server_.url("/to-names");
    if (is_redirect) {
      EXPECT_EQ(line["error"]["kind"], "redirect") << line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Options, HostileNamesTest,
    ::testing::Values(std::vector<std::string>{"--jsonl"},
                      std::vector<std::string>{"--jsonl", "-J"},
                      std::vector<std::string>{"--jsonl", "--name", "{dir}/{file}/{query}"},
                      std::vector<std::string>{"--jsonl", "-J", "--name",
                                               "link/{status}/{stem}.{ext}"},
                      std::vector<std::string>{"--jsonl", "--skip-existing", "--split", "4"},
                      std::vector<std::string>{"--jsonl", "-J", "--job"}));

}  // namespace
}  // namespace rondo::cli
