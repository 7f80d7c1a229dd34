// A signal, because nothing in the process can be relied upon when it hangs.

#include "hang_alarm.hpp"

#include <signal.h>
#include <unistd.h>

#include <string_view>
#include <utility>

namespace rondo::lifecycle {
namespace {

constexpr unsigned kSeconds = 20;

std::string what_runs;

void tell(int) {
  constexpr std::string_view kTitle = "this hangs:\n";
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, kTitle.data(), kTitle.size());
  written = ::write(STDERR_FILENO, what_runs.data(), what_runs.size());
  ::_exit(1);
}

}  // namespace

HangAlarm::HangAlarm(std::string running) {
  what_runs = std::move(running);
  ::signal(SIGALRM, &tell);
  ::alarm(kSeconds);
}

HangAlarm::~HangAlarm() {
  ::alarm(0);
}

}  // namespace rondo::lifecycle
