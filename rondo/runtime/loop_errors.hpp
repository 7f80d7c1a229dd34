#pragma once
// What the loop says when somebody breaks its rules, and how a run may end otherwise.

#include "rondo/base/error.hpp"

namespace rondo {

/// The loop was used after its end. Names who closed it, where, on which thread and when.
class LoopClosedError : public Error {
 public:
  using Error::Error;
};

/// Something that only a stopped loop can do was asked of a running one: `close()`, or a second
/// `run()`.
class LoopRunningError : public Error {
 public:
  using Error::Error;
};

/// Something was used on another thread than its loop's.
class WrongThreadError : public Error {
 public:
  using Error::Error;
};

/// Something was used under another loop than the one it belongs to.
class WrongLoopError : public Error {
 public:
  using Error::Error;
};

/// Something that needs a running loop, or a running task, was used where there is none.
class NoRunningLoopError : public Error {
 public:
  /// `what` names what was used.
  explicit NoRunningLoopError(const std::string& what)
      : Error(what + " needs a running task: use it inside rondo::run()") {}
};

/// The result of a task was asked for before its end.
class InvalidStateError : public Error {
 public:
  using Error::Error;
};

/// A deadline passed: that of `timeout` or `wait_for`.
class TimeoutError : public Error {
 public:
  using Error::Error;
};

/// The run was ended by Ctrl-C (SIGINT), after its clean-up.
class Interrupted : public Error {
 public:
  Interrupted() : Error("interrupted") {}
};

}  // namespace rondo
