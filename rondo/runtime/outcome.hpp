#pragma once
// How a computation ended, kept for later.

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace rondo {

/// The value a task returned or the exception it ended with: what `gather(return_exceptions, ...)`
/// gives. An outcome of `Task<>` holds a `std::monostate`.
template <class T>
class [[nodiscard]] Outcome {
 public:
  using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

  /// The computation ended with the value made of `arguments`.
  template <class... Arguments>
  void set_value(Arguments&&... arguments) {
    value_.emplace(std::forward<Arguments>(arguments)...);
  }

  /// The computation ended with an exception.
  void set_error(std::exception_ptr error) noexcept {
    value_.reset();
    error_ = std::move(error);
  }

  /// False only for an outcome that nothing was put into yet.
  [[nodiscard]] bool has_ended() const noexcept { return ok() || error_ != nullptr; }
  [[nodiscard]] bool ok() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }

  /// The value; throws the exception when there is one instead.
  Value& value() & {
    require();
    return value_.value();
  }
  const Value& value() const& {
    require();
    return value_.value();
  }
  Value&& value() && {
    require();
    return std::move(value_).value();
  }

  /// The exception, or null.
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

 private:
  void require() const {
    if (error_) std::rethrow_exception(error_);
  }

  // Not a variant: leaving one costs a jump through a table, and a task leaves one a call.
  std::optional<Value> value_;
  std::exception_ptr error_;
};

}  // namespace rondo
