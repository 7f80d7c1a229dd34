#pragma once
// What has become of the transfers, in the text format of Prometheus.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/http/timings.hpp"
#include "rondo/runtime/clock.hpp"

#include "cli/error_kind.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// Names and values of labels that all series have.
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// "NAME=VALUE". Throws `UsageError`, naming `option`, unless NAME is a label of Prometheus that no
/// series has already, and VALUE is UTF-8.
[[nodiscard]] std::pair<std::string, std::string> parse_metric_label(std::string_view option,
                                                                     std::string_view text);

/// Counts from the start of the run; its memory does not grow with the number of transfers.
class TransferMetrics {
 public:
  using SystemTime = std::chrono::system_clock::time_point;

  /// What is so at the moment.
  struct Gauges {
    bool is_running = false;
    std::uint64_t in_flight = 0;
    std::optional<std::uint64_t> expected = {};
  };

  TransferMetrics(const MetricLabels& labels, SystemTime begun);

  void add(const TransferResult& result);

  /// The page that a scrape would get: text exposition format 0.0.4.
  [[nodiscard]] std::string text(const Gauges& now) const;

 private:
  /// Upper ends of the buckets of durations, in milliseconds.
  static constexpr std::array<unsigned, 18> kBuckets = {
      1,    2,    5,    10,    25,    50,    100,    250,    500,
      1000, 2500, 5000, 10000, 30000, 60000, 120000, 300000, 600000};

  void append_outcomes(std::string& out) const;
  void append_amounts(std::string& out) const;
  void append_phases(std::string& out) const;
  void append_durations(std::string& out) const;
  void append_gauges(const Gauges& now, std::string& out) const;
  /// One line; `label` is one more, as `name="value"`, or empty.
  void append_series(std::string_view name, std::string_view label, std::string_view value,
                     std::string& out) const;
  void append_count(std::string_view name, std::string_view label, std::uint64_t value,
                    std::string& out) const;

  std::string labels_;  // of all series, escaped, without braces
  SystemTime begun_;
  std::uint64_t succeeded_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t retries_ = 0;
  std::uint64_t redirects_ = 0;
  std::uint64_t bytes_ = 0;
  std::map<int, std::uint64_t> by_status_;
  std::array<std::uint64_t, kErrorKinds> by_kind_{};
  std::array<std::uint64_t, kBuckets.size()> durations_{};  // each without the ones before
  Clock::duration total_{};
  http::Timings phases_;
};

}  // namespace rondo::cli
