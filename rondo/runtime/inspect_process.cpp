// One socket listens for each process. The first line of an answer says how many there will be.

#include "rondo/runtime/inspect_process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/inspection.hpp"
#include "rondo/runtime/inspection_channel.hpp"

namespace rondo {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

/// The answers of one process, as they come.
class Asked {
 public:
  explicit Asked(int process) : process_(process), listener_(listen()) {}

  void ask(InspectionDetail detail) const {
    sigval word{};
    word.sival_int = rondo::detail::kInspectionWord |
                     (detail == InspectionDetail::tasks ? rondo::detail::kInspectTasks
                                                        : rondo::detail::kInspectHeadlines);
    if (::sigqueue(process_, SIGURG, word) != 0) {
      throw OsError(errno, "look at process " + std::to_string(process_));
    }
  }

  [[nodiscard]] bool is_complete() const noexcept { return expected_ > 0 && ended_ >= expected_; }

  void add_to(std::vector<pollfd>& waits) const {
    if (is_complete()) return;
    waits.push_back({listener_.number(), POLLIN, 0});
    for (const auto& answer : open_) waits.push_back({answer.first.number(), POLLIN, 0});
  }

  /// Takes what has come.
  void receive() {
    while (true) {
      const int answer =
          ::accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (answer < 0) break;
      Descriptor descriptor(answer);
      if (is_from_process(answer)) open_.emplace_back(std::move(descriptor), std::string());
    }
    std::erase_if(open_, [this](auto& answer) { return read(answer.first, answer.second); });
  }

  [[nodiscard]] Inspection take() noexcept { return std::move(answers_); }
  [[nodiscard]] int process() const noexcept { return process_; }

 private:
  [[nodiscard]] Descriptor listen() const {
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    const unsigned size = rondo::detail::make_inspection_address(process_, address);
    const bool listens =
        socket.number() >= 0 &&
        ::bind(socket.number(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        ::listen(socket.number(), SOMAXCONN) == 0;
    if (!listens) throw OsError(errno, "listen to process " + std::to_string(process_));
    return socket;
  }

  /// Anybody can connect; only the process that was asked is believed.
  [[nodiscard]] bool is_from_process(int socket) const noexcept {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == process_;
  }

  /// True: the answer has ended.
  bool read(const Descriptor& socket, std::string& text) {
    std::array<char, 65536> buffer{};
    while (true) {
      const auto count = ::read(socket.number(), buffer.data(), buffer.size());
      if (count > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
      } else if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
      } else {
        break;
      }
    }
    ++ended_;
    const auto line_end = text.find('\n');
    if (line_end == std::string::npos) return true;
    std::from_chars(text.data(), text.data() + line_end, expected_);
    answers_.push_back(text.substr(line_end + 1));
    return true;
  }

  int process_;
  Descriptor listener_;
  std::vector<std::pair<Descriptor, std::string>> open_;
  Inspection answers_;
  int expected_ = 0;
  int ended_ = 0;
};

bool handles_urgent_signal(const std::filesystem::path& process) {
  std::ifstream status(process / "status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigCgt:")) continue;
    const auto caught = std::stoull(line.substr(7), nullptr, 16);
    return (caught >> (SIGURG - 1) & 1) != 0;
  }
  return false;
}

std::optional<int> to_number(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(number) : std::nullopt;
}

void wait_for_answers(std::vector<Asked>& asked, Clock::time_point deadline) {
  while (true) {
    std::vector<pollfd> waits;
    for (const Asked& one : asked) one.add_to(waits);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (waits.empty() || left.count() <= 0) return;
    ::poll(waits.data(), waits.size(), static_cast<int>(left.count()));
    for (Asked& one : asked) one.receive();
  }
}

}  // namespace

std::vector<int> processes_to_inspect() {
  std::vector<int> processes;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const auto process = to_number(entry.path().filename().string());
    struct stat owner{};
    if (!process || ::stat(entry.path().c_str(), &owner) != 0) continue;
    if (owner.st_uid != ::geteuid() || *process == ::getpid()) continue;
    if (handles_urgent_signal(entry.path())) processes.push_back(*process);
  }
  std::sort(processes.begin(), processes.end());
  return processes;
}

std::map<int, Inspection> inspect_processes(const std::vector<int>& processes,
                                            InspectionDetail detail, Clock::duration limit) {
  std::vector<Asked> asked;
  asked.reserve(processes.size());
  for (const int process : processes) {
    try {
      Asked one(process);
      one.ask(detail);
      asked.push_back(std::move(one));
    } catch (const OsError&) {
      if (processes.size() == 1) throw;  // of several, one may have ended meanwhile
    }
  }
  wait_for_answers(asked, Clock::now() + limit);
  std::map<int, Inspection> answers;
  for (Asked& one : asked) {
    if (auto texts = one.take(); !texts.empty()) answers.emplace(one.process(), std::move(texts));
  }
  return answers;
}

}  // namespace rondo
