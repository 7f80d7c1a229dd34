// The library asks; this prints. What a program says of itself may hold anything: nothing of it may
// control the terminal.

#include "cli/ps_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "rondo/runtime/inspect_process.hpp"

#include "cli/exit_code.hpp"
#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatienceForAll = 500ms;
constexpr auto kPatienceForOne = 5s;

/// The command line of a process, in one line.
std::string command_of(int process) {
  std::ifstream file(fmt::format("/proc/{}/cmdline", process), std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (char& c : text) {
    if (c == '\0') c = ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  return printable(text);
}

/// The lines of `text`, each harmless to a terminal.
std::string printable_lines(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines += printable(text.substr(0, end)) + "\n";
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

int list_programs() {
  const auto processes = processes_to_inspect();
  for (const auto& [process, loops] :
       inspect_processes(processes, InspectionDetail::headlines, kPatienceForAll)) {
    fmt::print("{}  {}\n", process, command_of(process));
    for (const std::string& loop : loops) {
      fmt::print("    {}\n", printable(std::string_view(loop).substr(0, loop.find('\n'))));
    }
  }
  return kSuccess;
}

int show_program(int process) {
  const auto answers = inspect_processes({process}, InspectionDetail::tasks, kPatienceForOne);
  if (answers.empty()) {
    fmt::print(stderr,
               "rondo: process {} does not answer: it is no Rondo program, runs no event loop, or "
               "was started with RONDO_INSPECT=0\n",
               process);
    return kFailure;
  }
  std::string text;
  for (const std::string& loop : answers.begin()->second) {
    if (!text.empty()) text += '\n';
    text += printable_lines(loop);
  }
  fmt::print("{}", text);
  return kSuccess;
}

}  // namespace

std::vector<OptionRow> ps_options_table() {
  return option_table(CLI::App("", "rondo ps"));
}

int run_ps(Arguments arguments) {
  CLI::App app("Shows the running Rondo programs of this user, or the task tree of one.",
               "rondo ps");
  int process = 0;
  app.add_option("PID", process, "the process to look at; without it all are listed")
      ->check(CLI::PositiveNumber);
  if (const auto code = parse_arguments(app, arguments)) return *code;
  return process == 0 ? list_programs() : show_program(process);
}

}  // namespace rondo::cli
