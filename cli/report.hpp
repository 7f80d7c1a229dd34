#pragma once
// Where results go: JSON lines, a line for people, or errors alone.

#include <string>

#include "cli/console.hpp"
#include "cli/fetch_options.hpp"
#include "cli/standard_output.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// "200          5120    0.012 http://example.org/": status or kind of error, bytes, seconds, URL.
[[nodiscard]] std::string result_line(const TransferResult& result);

class Report {
 public:
  Report(const FetchOptions& options, StandardOutput& output, Console& console) noexcept
      : options_(options), output_(output), console_(console) {}

  /// `is_sole`: standard output is for the body of this one URL.
  void add(const TransferResult& result, bool is_sole);

 private:
  const FetchOptions& options_;
  StandardOutput& output_;
  Console& console_;
  std::string line_;
};

}  // namespace rondo::cli
