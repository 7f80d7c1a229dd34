// Nothing here grows with the number of transfers.

#include "cli/tally.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

namespace rondo::cli {

void Tally::add(const TransferResult& result) noexcept {
  --in_flight_;
  bytes_ += result.body_bytes;
  if (!result.error) {
    ++succeeded_;
    if (result.unfetched == Unfetched::exists) ++skipped_;
    if (result.unfetched == Unfetched::not_modified) ++not_modified_;
  } else {
    ++failed_;
    ++failed_by_kind_[static_cast<std::size_t>(result.error->kind)];
  }
  latencies_.add(result.total);
}

std::string Tally::failures() const {
  std::string text;
  for (std::size_t i = 0; i < kErrorKinds; ++i) {
    if (failed_by_kind_[i] == 0) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", to_string(static_cast<ErrorKind>(i)), failed_by_kind_[i]);
  }
  return text.empty() ? text : " (" + text + ")";
}

std::string Tally::unfetched() const {
  std::string text;
  if (skipped_ > 0) text = fmt::format("{} there already", skipped_);
  if (not_modified_ > 0) {
    text += fmt::format("{}{} not modified", text.empty() ? "" : ", ", not_modified_);
  }
  return text.empty() ? text : " (" + text + ")";
}

std::string Tally::summary(Clock::duration elapsed) const {
  return fmt::format(
      "{} {}: {} ok{}, {} failed{}; {} in {}; p50 {}, p95 {}, p99 {}", done(),
      done() == 1 ? "URL" : "URLs", succeeded_, unfetched(), failed_, failures(),
      readable_bytes(bytes_), readable_time(elapsed), readable_time(latencies_.quantile(0.50)),
      readable_time(latencies_.quantile(0.95)), readable_time(latencies_.quantile(0.99)));
}

std::string readable_bytes(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 6> kUnits = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, value < 10 ? 2 : value < 100 ? 1 : 0, kUnits[unit]);
}

std::string readable_time(Clock::duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  if (seconds < 0.01) return fmt::format("{:.1f} ms", seconds * 1000);
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 60) return fmt::format("{:.2f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

}  // namespace rondo::cli
