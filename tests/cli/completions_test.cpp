// The completions, in the shells they are for.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/completions_command.hpp"
#include "tests/cli/command.hpp"
#include "tests/cli/pty_program.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;
using Words = std::set<std::string>;

constexpr const char* kBash = R"(
source "$SCRIPT"
COMP_WORDS=("$@") COMP_CWORD=$(( $# - 1 ))
_rondo
printf '%s\n' "${COMPREPLY[@]}"
)";

class CompletionsTest : public ::testing::Test {
 protected:
  static bool has(const char* program) {
    return std::system(("command -v " + std::string(program) + " >/dev/null").c_str()) == 0;
  }

  /// The variables of a shell that finds its script in SCRIPT.
  std::vector<std::string> environment_with_script(const std::string& shell) const {
    const Outcome script = run_command({"completions", shell});
    EXPECT_EQ(script.code, 0) << script.err;
    return {"SCRIPT=" + directory_.write("_rondo", script.out).string(),
            "HOME=" + directory_.path().string(), "XDG_CONFIG_HOME=" + directory_.path().string(),
            "TERM=xterm"};
  }

  std::string run(const std::vector<std::string>& arguments, const std::string& shell) const {
    test::ChildProcess child(
        arguments, directory_.path() / "output",
        {.environment = environment_with_script(shell), .directory = directory_.path()});
    EXPECT_TRUE(child.wait_for_end(std::chrono::seconds(60)));
    return child.output();
  }

  Words bash(std::vector<std::string> line) const {
    line.insert(line.begin(), {"bash", "--norc", "-c", kBash, "bash", "rondo"});
    return lines_of(run(line, "bash"));
  }

  Words fish(const std::string& line) const {
    Words words;
    for (const std::string& shown : lines_of(run(
             {"fish", "--private", "-c", "source $SCRIPT; complete -C '" + line + "'"}, "fish"))) {
      words.insert(shown.substr(0, shown.find('\t')));
    }
    return words;
  }

  static Words lines_of(const std::string& text) {
    Words lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      if (!line.empty()) lines.insert(line);
    }
    return lines;
  }

  test::TemporaryDirectory directory_;
};

TEST_F(CompletionsTest, AreRefusedForOtherShells) {
  EXPECT_EQ(run_command({"completions"}).code, 2);
  const Outcome outcome = run_command({"completions", "tcsh"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("tcsh"), std::string::npos);
}

TEST_F(CompletionsTest, WorkInBash) {
  if (!has("bash")) GTEST_SKIP() << "there is no bash";
  static_cast<void>(directory_.write("list of.txt", ""));
  fs::create_directory(directory_.path() / "folder");
  EXPECT_EQ(bash({"fe"}), Words({"fetch"}));
  EXPECT_EQ(bash({"fetch", "--per-"}), Words({"--per-host", "--per-host-rate"}));
  EXPECT_EQ(bash({"fetch", "--tls-min", ""}), Words({"1.2", "1.3"}));
  EXPECT_EQ(bash({"fetch", "--tls-min", "=", "1.3"}), Words({"1.3"}));
  EXPECT_EQ(bash({"fetch", "-i", "list"}), Words({"list of.txt"}));
  EXPECT_EQ(bash({"fetch", "--output", "f"}), Words({"folder"}));
  EXPECT_EQ(bash({"fetch", "--timeout", "f"}), Words());
  EXPECT_EQ(bash({"jobs", "--exp"}), Words({"--export"}));
  EXPECT_EQ(bash({"jobs", "list"}), Words({"list of.txt"}));
  EXPECT_EQ(bash({"completions", "f"}), Words({"fish"}));
}

TEST_F(CompletionsTest, WorkInFish) {
  if (!has("fish")) GTEST_SKIP() << "there is no fish";
  static_cast<void>(directory_.write("list.txt", ""));
  EXPECT_EQ(fish("rondo fe"), Words({"fetch"}));
  EXPECT_EQ(fish("rondo fetch --per-"), Words({"--per-host", "--per-host-rate"}));
  EXPECT_EQ(fish("rondo fetch --tls-min "), Words({"1.2", "1.3"}));
  EXPECT_EQ(fish("rondo fetch --input l"), Words({"list.txt"}));
  EXPECT_EQ(fish("rondo jobs --exp"), Words({"--export"}));
  EXPECT_EQ(fish("rondo completions f"), Words({"fish"}));
}

TEST_F(CompletionsTest, WorkInZsh) {
  if (!has("zsh")) GTEST_SKIP() << "there is no zsh";
  // A shell lists what it has on a terminal only.
  PtyProgram shell({"zsh", "-f", "-i"}, environment_with_script("zsh"), 200, 50);
  const auto expect = [&](std::string_view typed, std::vector<std::string_view> listed) {
    shell.type(typed);
    for (const std::string_view text : listed) EXPECT_NO_THROW(shell.wait_for(text)) << typed;
    shell.type("\x15");  // takes the line back
  };
  expect(
      "PS1= PS2= LISTMAX=1000; autoload -Uz compinit; compinit -u -D; source $SCRIPT; "
      "echo rea''dy\r",
      {"ready"});
  expect("rondo fe\t--per-host\t", {"--per-host-rate", "transfers started to one host"});
  expect("rondo fetch --tls-min=1\t\t", {"1.2", "1.3"});
  expect("rondo completions \t", {"bash", "fish"});
}

TEST(OptionTable, HasEveryOptionOfTheHelp) {
  for (const CommandRow& command : command_table()) {
    const std::string help = run_command({std::string(command.name), "--help"}).out;
    for (const OptionRow& option : command.options) {
      for (const std::string& name : option.names) {
        EXPECT_NE(help.find(name), std::string::npos) << command.name << ' ' << name;
      }
    }
  }
}

TEST(OptionTable, IsInTheManualPage) {
  std::string page = content_of(RONDO_SOURCE_DIRECTORY "/docs/rondo.1");
  std::string plain;
  for (const char c : page) {
    if (c != '\\') plain += c;
  }
  for (const CommandRow& command : command_table()) {
    EXPECT_NE(plain.find("rondo " + std::string(command.name)), std::string::npos) << command.name;
    for (const OptionRow& option : command.options) {
      for (const std::string& name : option.names) {
        if (name == "--help" || name == "-h") continue;
        EXPECT_NE(plain.find(name), std::string::npos) << command.name << ' ' << name;
      }
    }
  }
}

TEST(OptionTable, FindsWhatWasMeant) {
  const std::vector<OptionRow> table = {{{"-o", "--output"}, "DIR", "", false},
                                        {{"--per-host"}, "N", "", false},
                                        {{"--retry-failed"}, "", "", false},
                                        {{"--retries"}, "N", "", false}};
  EXPECT_EQ(nearest_option(table, "--ouptut"), "--output");
  EXPECT_EQ(nearest_option(table, "--retry"), "--retries");
  EXPECT_EQ(nearest_option(table, "--retry-fa"), "--retry-failed");
  EXPECT_EQ(nearest_option(table, "--per-hots"), "--per-host");
  EXPECT_EQ(nearest_option(table, "--per-h"), "--per-host");
  EXPECT_EQ(nearest_option(table, "--nonsense"), "");
  EXPECT_EQ(nearest_option(table, "-x"), "");
}

TEST(OptionTable, IsUsedToSayWhatMayHaveBeenMeant) {
  const Outcome outcome = run_command({"fetch", "--ouptut", "x", "http://a.test/"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "rondo: there is no option --ouptut; did you mean --output? 'rondo fetch --help' shows "
            "what there is\n");
  EXPECT_NE(run_command({"fetch", "--zzzzzz", "http://a.test/"}).err.find("--zzzzzz; 'rondo fetch"),
            std::string::npos);
  EXPECT_NE(run_command({"fecth"}).err.find("did you mean 'fetch'"), std::string::npos);
}

}  // namespace
}  // namespace rondo::cli
