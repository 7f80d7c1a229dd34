// Drawn by time, not by event: a fast run costs no more than a slow one.

#include "cli/progress.hpp"

#include <fmt/format.h>

#include <chrono>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{200};

class LiveLine {
 public:
  explicit LiveLine(Console& console) noexcept : console_(console) {}
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;
  ~LiveLine() { console_.clear_live(); }

  void show(const std::string& line) { console_.show_live(line); }

 private:
  Console& console_;
};

}  // namespace

std::string progress_line(const Tally& tally, std::optional<std::uint64_t> expected,
                          Clock::duration elapsed) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  const double rate = seconds > 0 ? static_cast<double>(tally.done()) / seconds : 0;
  std::string line = fmt::format("done {}", tally.done());
  if (expected) line += fmt::format("/{}", *expected);
  line += fmt::format(", failed {}, in flight {}, {:.0f}/s, {}", tally.failed(), tally.in_flight(),
                      rate, readable_bytes(tally.bytes()));
  if (expected && *expected >= tally.done() && rate > 0) {
    const std::chrono::duration<double> left(static_cast<double>(*expected - tally.done()) / rate);
    line += ", ETA " + readable_time(std::chrono::duration_cast<Clock::duration>(left));
  }
  return line;
}

Task<> show_progress(const Tally& tally, const JobSource& source, Console& console) {
  const auto begun = get_running_loop().now();
  LiveLine live(console);
  while (true) {
    co_await sleep(kInterval);
    live.show(progress_line(tally, source.expected(), get_running_loop().now() - begun));
  }
}

}  // namespace rondo::cli
