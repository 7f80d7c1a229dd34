#pragma once
// The root of Rondo's exceptions.

#include <exception>
#include <string>
#include <utility>

namespace rondo {

/// Base of everything the library throws, except `Cancelled`, which is no error. `what()` is one
/// line.
class Error : public std::exception {
 public:
  explicit Error(std::string message) : Error(std::move(message), {}) {}
  Error(std::string message, std::string details);

  [[nodiscard]] const char* what() const noexcept override;

  /// What `what()` has no room for: places, ages, what was pending. May be empty; may have several
  /// lines.
  [[nodiscard]] const std::string& details() const noexcept { return details_; }

 private:
  std::string message_;
  std::string details_;
};

/// The operating system refused: what was tried, and the `errno` it answered with.
class OsError : public Error {
 public:
  /// `code` is an `errno` value; `attempted` completes "cannot ...", as in "open out/a.html".
  OsError(int code, const std::string& attempted);

  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  int code_;
};

}  // namespace rondo
