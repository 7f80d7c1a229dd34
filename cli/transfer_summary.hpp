#pragma once
// What is kept of a transfer that somebody may want to look at, and of which ones it is kept.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rondo/http/timings.hpp"
#include "rondo/runtime/clock.hpp"

#include "cli/error_kind.hpp"
#include "cli/result_sink.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

struct TransferSummary {
  std::string method;
  std::string url;  ///< without credentials; cut when it is very long
  int status = 0;
  std::optional<ErrorKind> error;
  std::uint64_t bytes = 0;
  unsigned attempts = 0;
  std::size_t redirects = 0;
  Clock::time_point begun;
  Clock::duration total{};
  http::Timings timings;
};

[[nodiscard]] TransferSummary summary_of(const TransferResult& result);

/// Those of all transfers that took longest, at most `limit`: memory does not grow with their
/// number.
class SlowestTransfers final : public ResultSink {
 public:
  explicit SlowestTransfers(std::size_t limit) : limit_(limit) {}

  void add(const TransferResult& result) override;

  /// The slowest first.
  [[nodiscard]] std::vector<TransferSummary> sorted() const;

 private:
  std::size_t limit_;
  std::vector<TransferSummary> heap_;  // the fastest of them at the front
};

}  // namespace rondo::cli
