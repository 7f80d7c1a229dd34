#pragma once
// Whoever wants to know what became of each URL.

#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// Is told each result once, on the loop's thread or behind the run, in the order of finishing.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual void add(const TransferResult& result) = 0;

  /// A transfer has ended without a result: there will be another one of the same URL.
  virtual void take_back() noexcept {}
};

}  // namespace rondo::cli
