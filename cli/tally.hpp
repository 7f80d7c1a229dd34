#pragma once
// What has happened so far, counted.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "rondo/runtime/clock.hpp"

#include "cli/error_kind.hpp"
#include "cli/latency_histogram.hpp"
#include "cli/result_sink.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

class Tally final : public ResultSink {
 public:
  /// A transfer begins; each ends with `add` or `take_back`.
  void start() noexcept { ++in_flight_; }
  void add(const TransferResult& result) noexcept override;
  void take_back() noexcept override { --in_flight_; }

  [[nodiscard]] std::uint64_t done() const noexcept { return succeeded_ + failed_; }
  [[nodiscard]] std::uint64_t failed() const noexcept { return failed_; }
  [[nodiscard]] std::uint64_t in_flight() const noexcept { return in_flight_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  /// " (resolve 1, timeout 2)": failures by kind; empty: there are none.
  [[nodiscard]] std::string failures() const;

  /// The summary: counts by outcome, bytes, `elapsed`, and how long transfers took.
  [[nodiscard]] std::string summary(Clock::duration elapsed) const;

 private:
  [[nodiscard]] std::string unfetched() const;

  std::uint64_t succeeded_ = 0;  // those that follow among them
  std::uint64_t skipped_ = 0;
  std::uint64_t not_modified_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t in_flight_ = 0;
  std::uint64_t bytes_ = 0;
  std::array<std::uint64_t, kErrorKinds> failed_by_kind_{};
  LatencyHistogram latencies_;
};

/// "1.5 MB": at most four digits and a unit of 1000.
[[nodiscard]] std::string readable_bytes(std::uint64_t bytes);

/// "12 ms", "1.23 s", "5 min 2 s".
[[nodiscard]] std::string readable_time(Clock::duration time);

}  // namespace rondo::cli
