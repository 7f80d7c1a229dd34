#pragma once
// What the loop says when somebody breaks its rules, and how a run may end otherwise.

#include "rondo/base/error.hpp"

namespace rondo {

/// A rule of the runtime was broken: a mistake in the program, not something that went wrong with
/// its work. asyncio's class of the same name.
class RuntimeError : public Error {
 public:
  using Error::Error;
};

/// The loop was used after its end. Names who closed it, where, on which thread and when.
class LoopClosedError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

/// Something that only a stopped loop can do was asked of a running one: `close()`, or a second
/// `run()`.
class LoopRunningError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

/// Something was used on another thread than its loop's.
class WrongThreadError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

/// Something was used under another loop than the one it belongs to.
class WrongLoopError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

/// Something that needs a running loop, or a running task, was used where there is none.
class NoRunningLoopError : public RuntimeError {
 public:
  /// `what` names what was used.
  explicit NoRunningLoopError(const std::string& what)
      : RuntimeError(what + " needs a running task: use it inside rondo::run()") {}
};

/// The result of a task was asked for before its end.
class InvalidStateError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

/// Nothing can ever wake the loop again, and its main task is not done: every task waits for
/// another one, or for something that nobody will do. `details()` has the tasks as a tree, with the
/// places they wait at.
class DeadlockError : public RuntimeError {
 public:
  using RuntimeError::RuntimeError;
};

/// A lock, an event, a queue, ... was destroyed while tasks waited on it: what their waits throw.
class DestroyedError : public Error {
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
