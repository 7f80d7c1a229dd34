#pragma once
// What a report says of a run, gathered while it goes on.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rondo/runtime/clock.hpp"

#include "cli/activity.hpp"
#include "cli/error_kind.hpp"
#include "cli/latency_histogram.hpp"
#include "cli/transfer_result.hpp"
#include "cli/transfer_summary.hpp"

namespace rondo::cli {

/// Memory does not grow with the number of transfers: of hosts the first `kHosts` have a row of
/// their own, of transfers the first and the slowest `kShown`.
class RunStatistics {
 public:
  static constexpr std::size_t kHosts = 1000;
  static constexpr std::size_t kShown = 50;

  struct HostRow {
    std::uint64_t transfers = 0;
    std::uint64_t failed = 0;
    std::uint64_t bytes = 0;
    Clock::duration total{};
    Clock::duration slowest{};

    void add(const TransferResult& result) noexcept;
    void add(const HostRow& other) noexcept;
  };

  struct ErrorRow {
    std::uint64_t count = 0;
    std::string url;  ///< of the first one
    std::string message;
  };

  using ErrorName = std::pair<ErrorKind, std::string>;  ///< with the class

  explicit RunStatistics(Clock::time_point begun) : begun_(begun) {}

  void add(const TransferResult& result);

  [[nodiscard]] Clock::time_point begun() const noexcept { return begun_; }
  [[nodiscard]] const HostRow& all() const noexcept { return all_; }
  [[nodiscard]] const LatencyHistogram& latencies() const noexcept { return latencies_; }
  [[nodiscard]] const Activity& activity() const noexcept { return activity_; }
  [[nodiscard]] const std::map<int, std::uint64_t>& by_status() const noexcept {
    return by_status_;
  }
  [[nodiscard]] const std::map<ErrorName, ErrorRow>& errors() const noexcept { return errors_; }

  /// Those with the most transfers first.
  [[nodiscard]] std::vector<std::pair<std::string, HostRow>> hosts() const;
  [[nodiscard]] const HostRow& other_hosts() const noexcept { return other_hosts_; }

  [[nodiscard]] const std::vector<TransferSummary>& first() const noexcept { return first_; }
  [[nodiscard]] std::vector<TransferSummary> slowest() const { return slowest_.sorted(); }

 private:
  Clock::time_point begun_;
  HostRow all_;
  LatencyHistogram latencies_;
  Activity activity_;
  std::map<int, std::uint64_t> by_status_;
  std::map<ErrorName, ErrorRow> errors_;
  std::unordered_map<std::string, HostRow> hosts_;
  HostRow other_hosts_;
  std::vector<TransferSummary> first_;
  SlowestTransfers slowest_{kShown};
};

}  // namespace rondo::cli
