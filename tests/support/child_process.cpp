// fork and exec rather than posix_spawn, because the child must ask for its own death when the
// test dies. A pidfd tells of the end without a thread and without SIGCHLD; the child is reaped in
// the moment its end is seen, and never signalled afterwards.

#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace rondo::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience = std::chrono::seconds(20);
constexpr milliseconds kBetweenAttempts{2};

[[noreturn]] void fail(const std::string& attempted) {
  throw std::system_error(errno, std::generic_category(), attempted);
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* path = std::getenv("PATH");
  std::stringstream directories(std::string(path != nullptr ? path : "") + ":/usr/sbin:/sbin");
  for (std::string directory; std::getline(directories, directory, ':');) {
    std::string candidate = directory + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  errno = ENOENT;
  fail("find the program " + name);
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What the child execs; made before the fork, after which nothing may allocate.
struct Image {
  std::string program;
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::string directory;
  int output;
};

/// A test that a shell runs in the background ignores SIGINT, and a child would inherit that.
void reset_signals() noexcept {
  for (const int number : {SIGINT, SIGQUIT, SIGPIPE, SIGTERM}) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Runs in the child. Does not return; writes the errno of what failed to `report`.
void become(const Image& image, char* const* arguments, char* const* environment, int parent,
            int report) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  reset_signals();
  const bool is_orphan = ::getppid() != parent;
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(image.output, STDOUT_FILENO);
  ::dup2(image.output, STDERR_FILENO);
  const bool is_there = image.directory.empty() || ::chdir(image.directory.c_str()) == 0;
  if (!is_orphan && is_there) ::execve(image.program.c_str(), arguments, environment);
  const int error = errno;
  [[maybe_unused]] const auto written = ::write(report, &error, sizeof error);
  ::_exit(127);
}

/// Gives the child's pid once it runs the program. Throws when it cannot.
int launch(Image image) {
  const std::vector<char*> arguments = pointers_to(image.arguments);
  const std::vector<char*> environment = pointers_to(image.environment);
  std::array<int, 2> report{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) fail("make a pipe");
  const int parent = ::getpid();
  const int pid = ::fork();
  if (pid == 0) become(image, arguments.data(), environment.data(), parent, report[1]);
  ::close(report[1]);
  int error = 0;
  const auto count = ::read(report[0], &error, sizeof error);
  ::close(report[0]);
  if (pid > 0 && count <= 0) return pid;
  if (pid > 0) ::waitpid(pid, nullptr, 0);
  errno = count > 0 ? error : errno;
  fail("run " + image.program);
}

std::vector<std::string> environment_with(std::vector<std::string> variables) {
  const std::size_t added = variables.size();
  for (char** inherited = environ; *inherited != nullptr; ++inherited) {
    const std::string_view variable = *inherited;
    const std::string_view name = variable.substr(0, variable.find('=') + 1);
    const bool is_replaced = std::any_of(variables.begin(), variables.begin() + added,
                                         [&](auto& other) { return other.starts_with(name); });
    if (!is_replaced) variables.emplace_back(variable);
  }
  return variables;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, std::filesystem::path output,
                           const Options& options)
    : output_(std::move(output)) {
  const int file = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) fail("open " + output_.string());
  try {
    pid_ = launch({find_program(arguments.at(0)), arguments, environment_with(options.environment),
                   options.directory, file});
  } catch (...) {
    ::close(file);
    throw;
  }
  ::close(file);
  pid_descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
}

ChildProcess::~ChildProcess() {
  signal(SIGTERM);
  if (!wait_for_end(std::chrono::seconds(5))) signal(SIGKILL);
  if (!wait_for_end(std::chrono::seconds(5))) std::abort();
  ::close(pid_descriptor_);
}

bool ChildProcess::wait_for_end(milliseconds limit) {
  if (exit_code_ >= 0) return true;
  pollfd entry{pid_descriptor_, POLLIN, 0};
  if (::poll(&entry, 1, static_cast<int>(limit.count())) <= 0) return false;
  int status = 0;
  ::waitpid(pid_, &status, 0);
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

void ChildProcess::signal(int number) {
  if (exit_code_ < 0) ::kill(pid_, number);
}

int ChildProcess::exit_code() const {
  if (exit_code_ < 0) throw std::logic_error("the child process has not ended yet");
  return exit_code_;
}

std::string ChildProcess::output() const {
  std::stringstream text;
  text << std::ifstream(output_, std::ios::binary).rdbuf();
  return text.str();
}

void ChildProcess::wait_until(const std::function<bool()>& is_ready) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!is_ready()) {
    const bool has_ended = wait_for_end(kBetweenAttempts);
    if (has_ended || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error(std::string(has_ended ? "ended" : "not ready") +
                               ", its output is:\n" + output());
    }
  }
}

}  // namespace rondo::test
