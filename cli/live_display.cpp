// Drawn by time, not by event: a fast run costs no more than a slow one. The terminal is asked for
// its size each time.

#include "cli/live_display.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

#include "cli/live_lines.hpp"

namespace rondo::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{200};
constexpr std::chrono::seconds kStopped{2};  // between two drawings: the process did not run

/// How fast something grew during the last seconds.
class RecentRates {
 public:
  struct Sample {
    Clock::time_point time;
    std::uint64_t done = 0;
    std::uint64_t bytes = 0;
  };

  void add(const Sample& sample) { samples_[next_++ % samples_.size()] = sample; }
  [[nodiscard]] double rate(std::uint64_t Sample::* amount) const {
    if (next_ < 2) return 0;
    const Sample& last = samples_[(next_ - 1) % samples_.size()];
    const Sample& first = samples_[next_ < samples_.size() ? 0 : next_ % samples_.size()];
    const double seconds = std::chrono::duration<double>(last.time - first.time).count();
    return seconds > 0 ? static_cast<double>(last.*amount - first.*amount) / seconds : 0;
  }

 private:
  std::array<Sample, 26> samples_{};  // of five seconds
  std::size_t next_ = 0;
};

class LiveDisplay {
 public:
  LiveDisplay(DisplaySources sources, Console& console)
      : sources_(sources), console_(console), has_utf8_(locale_is_utf8()) {
    note(get_running_loop().now());
  }
  LiveDisplay(const LiveDisplay&) = delete;
  LiveDisplay& operator=(const LiveDisplay&) = delete;
  ~LiveDisplay() { console_.clear_live(); }

  void draw() {
    const auto now = get_running_loop().now();
    if (now - drawn_ > kStopped) console_.lose_live();
    note(now);
    console_.show_live(live_lines(state(now), console_.size(), has_utf8_));
  }

 private:
  static bool locale_is_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
      const char* value = std::getenv(name);
      if (value == nullptr || *value == '\0') continue;
      const std::string_view locale(value);
      return locale.find("UTF-8") != std::string_view::npos ||
             locale.find("utf8") != std::string_view::npos;
    }
    return false;
  }

  void note(Clock::time_point now) {
    drawn_ = now;
    rates_.add({now, sources_.tally.done(), sources_.tally.bytes()});
  }

  [[nodiscard]] LiveState state(Clock::time_point now) const {
    const Tally& tally = sources_.tally;
    LiveState state;
    state.done = tally.done();
    state.expected = sources_.source.expected();
    state.failed = tally.failed();
    state.failures = tally.failures();
    state.in_flight = tally.in_flight();
    state.bytes = tally.bytes();
    state.rate = rates_.rate(&RecentRates::Sample::done);
    state.byte_rate = rates_.rate(&RecentRates::Sample::bytes);
    state.current = current(now);
    state.slowest = sources_.slowest.sorted();
    return state;
  }

  [[nodiscard]] std::vector<TransferUnderWay> current(Clock::time_point now) const {
    std::vector<const Transfer*> transfers;
    std::copy_if(sources_.current.begin(), sources_.current.end(), std::back_inserter(transfers),
                 [](const Transfer* transfer) { return transfer != nullptr; });
    const auto count = std::min(transfers.size(), kLiveCurrent);
    std::partial_sort(transfers.begin(), transfers.begin() + static_cast<std::ptrdiff_t>(count),
                      transfers.end(),
                      [](const Transfer* a, const Transfer* b) { return a->begun() < b->begun(); });
    std::vector<TransferUnderWay> shown;
    for (std::size_t i = 0; i < count; ++i) {
      const Transfer& transfer = *transfers[i];
      shown.push_back({transfer.url(), transfer.phase(), now - transfer.begun(), transfer.bytes()});
    }
    return shown;
  }

  DisplaySources sources_;
  Console& console_;
  bool has_utf8_;
  RecentRates rates_;
  Clock::time_point drawn_;
};

}  // namespace

Task<> show_live_display(DisplaySources sources, Console& console) {
  LiveDisplay display(sources, console);
  while (true) {
    co_await sleep(kInterval);
    display.draw();
  }
}

}  // namespace rondo::cli
