#pragma once
// A command line that cannot be obeyed.

#include "rondo/base/error.hpp"

namespace rondo::cli {

/// Ends the command with `kUsage` before anything is sent.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace rondo::cli
