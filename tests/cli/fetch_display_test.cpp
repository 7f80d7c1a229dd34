// What is seen of a run on a terminal.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/command.hpp"
#include "tests/cli/pty_program.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInFlight = "in flight";

class FetchDisplayTest : public ::testing::Test {
 protected:
  std::vector<std::string> arguments(std::vector<std::string> more) const {
    more.insert(more.begin(), {"fetch", "-o", (directory_.path() / "out").string()});
    return more;
  }

  std::vector<std::string> program(std::vector<std::string> more) const {
    more = arguments(std::move(more));
    more.insert(more.begin(), RONDO_COMMAND);
    return more;
  }

  /// Answers `/done`; sends half of a body to all others, and waits.
  ScriptedServer server_{[](ServerConnection& connection) {
    if (path_of(connection.read_request()) == "/done") {
      connection.send(ok("done"));
    } else {
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    }
    connection.wait_for_end();
  }};
  test::TemporaryDirectory directory_;
};

TEST_F(FetchDisplayTest, ShowsBarFiguresAndTransfersAndTakesThemAway) {
  PtyProgram command(program({server_.url("/done"), server_.url("/half")}),
                     {"TERM=xterm", "LC_ALL=C.UTF-8"}, 100);
  command.wait_for("1/2");
  command.wait_for("slowest so far");
  command.wait_for("receive");
  EXPECT_NE(command.output().find("\u2501"), std::string::npos);
  EXPECT_NE(command.output().find("\x1b[32m"), std::string::npos);
  command.type("\x03");
  EXPECT_EQ(command.wait(), 130);
  const std::string& output = command.output();
  const std::size_t last = output.rfind("\x1b[J");
  ASSERT_NE(last, std::string::npos);
  EXPECT_EQ(output.find(kInFlight, last), std::string::npos) << output;
  EXPECT_NE(output.find("interrupted; 2 URLs: 1 ok, 1 failed", last), std::string::npos) << output;
  EXPECT_EQ(output.find("\x1b[?25"), std::string::npos) << "the cursor is left alone";
}

TEST_F(FetchDisplayTest, HasNoColoursWhereTheyAreNotWanted) {
  PtyProgram command(program({server_.url("/half")}), {"TERM=xterm", "NO_COLOR=1"});
  command.wait_for(kInFlight, 2);
  EXPECT_FALSE(std::regex_search(command.output(), std::regex("\x1b\\[[0-9;]*m")));
}

TEST_F(FetchDisplayTest, IsSilentOnATerminalThatCannotBeSteered) {
  for (const char* terminal : {"TERM=dumb", "TERM="}) {
    PtyProgram command(program({server_.url("/half"), "--max-time", "0.5"}), {terminal});
    EXPECT_EQ(command.wait(), 1);
    EXPECT_EQ(command.output().find('\x1b'), std::string::npos) << command.output();
    EXPECT_EQ(command.output().find(kInFlight), std::string::npos);
  }
}

TEST_F(FetchDisplayTest, IsSilentWithoutATerminal) {
  const Outcome outcome = run_command(arguments({server_.url("/half"), "--max-time", "0.5"}),
                                      {.environment = {"TERM=xterm"}});
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos) << outcome.err;
  EXPECT_EQ(outcome.err.find(kInFlight), std::string::npos);
}

TEST_F(FetchDisplayTest, FitsTheTerminalAfterItWasResized) {
  PtyProgram command(program({server_.url("/" + std::string(300, 'x'))}), {"TERM=xterm"}, 120);
  command.wait_for("under way");
  command.resize(30, 24);
  const std::size_t before = command.output().size();
  // What is drawn from the size on is narrow.
  command.wait_for("under way", 6);
  std::istringstream lines(
      command.output().substr(command.output().rfind("\x1b[J", std::string::npos)));
  EXPECT_GT(command.output().size(), before);
  for (std::string line; std::getline(lines, line);) {
    line = std::regex_replace(line, std::regex("\x1b\\[[0-9;]*[a-zA-Z]|\r"), "");
    EXPECT_LT(line.size(), 30U) << line;
  }
}

TEST_F(FetchDisplayTest, LetsNoServerSteerTheTerminal) {
  const std::string evil =
      "\x9b"
      "31m\xe2\x80\xae\xff";
  const ScriptedServer hostile([&](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    connection.send("HTTP/1.1 404 " + evil + "\r\nX-Evil: " + evil +
                    "\r\nContent-Length: 0\r\n\r\n");
    connection.wait_for_end();
  });
  PtyProgram command(program({"-vv", "--fail", hostile.url("/\u202e\u009b2J"), "\x1b]0;title\x07",
                              "http://a b\x1b[2J/"}),
                     {"TERM=xterm", "NO_COLOR=1"});
  EXPECT_EQ(command.wait(), 1);
  const std::string own = std::regex_replace(
      command.output(), std::regex("\x1b\\[[0-9]*[AJ]|\r\n|\r|\u2501|\u2500"), "");
  for (const char c : own) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << own;
  EXPECT_NE(own.find("X-Evil: \\x9b31m"), std::string::npos) << own;
}

TEST_F(FetchDisplayTest, ShowsABodyThatCannotSteerTheTerminal) {
  const ScriptedServer hostile([](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    connection.send(ok("one\ttwo\n\x1b]0;title\x07\u202e\xff three\n"));
    connection.wait_for_end();
  });
  PtyProgram command({RONDO_COMMAND, "fetch", "--quiet", hostile.url("/")}, {"TERM=xterm"});
  EXPECT_EQ(command.wait(), 0);
  // The terminal's driver ends lines so.
  EXPECT_EQ(command.output(), "one\ttwo\r\n\\x1b]0;title\\x07\\xe2\\x80\\xae\\xff three\r\n");
}

/// A terminal that shows what it is sent, and breaks lines anew when it is made narrower.
class Tmux {
 public:
  Tmux(const fs::path& directory, const std::string& command) : directory_(directory) {
    run("new-session -d -x 100 -y 30 " + command);
  }
  Tmux(const Tmux&) = delete;
  Tmux& operator=(const Tmux&) = delete;
  ~Tmux() { run("kill-server"); }

  std::string run(const std::string& arguments) const {
    test::ChildProcess tmux(
        {"sh", "-c",
         "exec tmux -S '" + (directory_ / "socket").string() + "' -f /dev/null " + arguments},
        directory_ / "tmux.out", {.environment = {"LC_ALL=C.UTF-8", "TMUX="}, .directory = {}});
    if (!tmux.wait_for_end(std::chrono::seconds(20))) throw std::runtime_error("tmux hangs");
    return tmux.output();
  }

  /// The screen, once `is_right` says so.
  template <class Check>
  std::string wait_for(Check is_right) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (true) {
      std::string screen = run("capture-pane -p");
      if (is_right(screen)) return screen;
      if (std::chrono::steady_clock::now() > end)
        throw std::runtime_error("the screen:\n" + screen);
    }
  }

 private:
  fs::path directory_;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST_F(FetchDisplayTest, LeavesNothingBehindInTmuxThroughResizesAndCtrlC) {
  if (std::system("command -v tmux >/dev/null") != 0) GTEST_SKIP() << "there is no tmux";
  const std::string line = std::string("\"echo before; ") + RONDO_COMMAND + " fetch -o '" +
                           (directory_.path() / "out").string() + "' " + server_.url("/done") +
                           " " + server_.url("/half/" + std::string(120, 'y')) +
                           "; echo after; sleep 100\"";
  const Tmux tmux(directory_.path(), line);
  const auto shows_once = [](const std::string& screen) {
    return count(screen, kInFlight) == 1 && count(screen, "under way") == 1;
  };
  tmux.wait_for([&](const std::string& screen) {
    return shows_once(screen) && screen.starts_with("before\n") && count(screen, "1/2") == 1;
  });
  // What is above moves into the history, since lines become longer.
  tmux.run("resize-window -x 40 -y 30");
  tmux.wait_for([&](const std::string& screen) {
    return shows_once(screen) && count(screen, "1/2") == 1 && count(screen, "yyy") > 0;
  });
  tmux.run("resize-window -x 90 -y 12");
  tmux.wait_for(shows_once);
  tmux.run("send-keys C-c");
  const std::string screen =
      tmux.wait_for([](const std::string& shown) { return count(shown, "interrupted; ") == 1; });
  EXPECT_EQ(count(screen, kInFlight), 0U) << screen;
  EXPECT_EQ(tmux.run("display-message -p '#{cursor_flag}'"), "1\n");
}

}  // namespace
}  // namespace rondo::cli
