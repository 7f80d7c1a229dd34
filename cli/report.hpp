#pragma once
// Where results go: JSON lines, a line for people, or errors alone.

#include <string>

#include "cli/console.hpp"
#include "cli/fetch_options.hpp"
#include "cli/result_sink.hpp"
#include "cli/sole_url.hpp"
#include "cli/standard_output.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// "200          5120    0.012 http://example.org/": status or kind of error, bytes, seconds, URL.
[[nodiscard]] std::string result_line(const TransferResult& result);

class Report final : public ResultSink {
 public:
  /// `sole` tells whether standard output is for the body of the only URL.
  Report(const FetchOptions& options, StandardOutput& output, Console& console,
         const SoleUrl& sole) noexcept
      : options_(options), output_(output), console_(console), sole_(sole) {}

  void add(const TransferResult& result) override;

 private:
  const FetchOptions& options_;
  StandardOutput& output_;
  Console& console_;
  const SoleUrl& sole_;
  std::string line_;
};

}  // namespace rondo::cli
