// A shell opens the files and becomes the command, so the child's pid is the command's own.

#include "tests/cli/command.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{30};

std::vector<std::string> in_shell(const std::vector<std::string>& arguments) {
  std::vector<std::string> line = {"sh", "-c", R"(exec "$@" <"$IN" >"$OUT" 2>"$ERR")", "sh",
                                   RONDO_COMMAND};
  line.insert(line.end(), arguments.begin(), arguments.end());
  return line;
}

}  // namespace

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("there is no file " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

RunningCommand::RunningCommand(const std::vector<std::string>& arguments, const Options& options) {
  const fs::path input =
      options.input_path.empty() ? directory_.write("in", options.input) : options.input_path;
  output_ = options.output_path.empty() ? directory_.write("out", "") : options.output_path;
  static_cast<void>(directory_.write("err", ""));
  test::ChildProcess::Options child{.environment = options.environment, .directory = {}};
  child.environment.push_back("IN=" + input.string());
  child.environment.push_back("OUT=" + output_.string());
  child.environment.push_back("ERR=" + (directory_.path() / "err").string());
  process_ =
      std::make_unique<test::ChildProcess>(in_shell(arguments), directory_.path() / "shell", child);
}

std::string RunningCommand::out() const {
  return fs::is_regular_file(output_) ? content_of(output_) : "";
}

std::string RunningCommand::err() const {
  return content_of(directory_.path() / "err");
}

int RunningCommand::wait() {
  if (!process_->wait_for_end(kPatience)) throw std::runtime_error("the command hangs: " + err());
  return process_->exit_code();
}

std::vector<Json> Outcome::lines() const {
  std::vector<Json> lines;
  std::istringstream text(out);
  for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
  return lines;
}

Json Outcome::line() const {
  const auto all = lines();
  if (all.size() != 1) throw std::runtime_error("not one JSON line: " + out + err);
  return all.front();
}

Outcome run_command(const std::vector<std::string>& arguments,
                    const RunningCommand::Options& options) {
  RunningCommand command(arguments, options);
  const int code = command.wait();
  return {code, command.out(), command.err()};
}

Json fetch_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"fetch", "--jsonl", "--quiet"});
  return run_command(arguments).line();
}

}  // namespace rondo::cli
