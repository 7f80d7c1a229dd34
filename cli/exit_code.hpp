#pragma once
// What the command tells its caller.

namespace rondo::cli {

/// Exit codes; scripts rely on them.
enum ExitCode : int {
  kSuccess = 0,
  kFailure = 1,   ///< at least one transfer did not end well
  kUsage = 2,     ///< the command line cannot be obeyed, and nothing has been sent
  kSignal = 128,  ///< and the number of the signal that ended the run: 130 after Ctrl-C
};

}  // namespace rondo::cli
