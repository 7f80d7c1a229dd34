#pragma once
// SIGTERM and SIGHUP as something to wait for, so that they end a run in good order.

#include <vector>

#include "rondo/runtime/task.hpp"

#include "cli/descriptor.hpp"

namespace rondo::cli {

/// While it exists, these signals wait to be received. One at a time, on the main thread; it is
/// made before the run, whose threads then leave the signals alone, and ends after it.
class StopSignals {
 public:
  /// Those that are ignored, as under nohup, stay so. Throws `OsError`.
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  /// Waits for the first. From then on they act as usual: a second one ends the process.
  Task<> wait();

  /// The number of the signal that `wait` has received; 0: none.
  [[nodiscard]] int received() const noexcept { return received_; }

 private:
  void let_act() noexcept;

  std::vector<int> taken_;
  Descriptor descriptor_;
  int received_ = 0;
};

}  // namespace rondo::cli
