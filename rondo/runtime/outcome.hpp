#pragma once
// How a computation ended, kept for later.

#include <exception>
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
    state_.template emplace<1>(std::forward<Arguments>(arguments)...);
  }

  /// The computation ended with an exception.
  void set_error(std::exception_ptr error) noexcept {
    state_.template emplace<2>(std::move(error));
  }

  /// False only for an outcome that nothing was put into yet.
  [[nodiscard]] bool has_ended() const noexcept { return state_.index() != 0; }
  [[nodiscard]] bool ok() const noexcept { return state_.index() == 1; }
  explicit operator bool() const noexcept { return ok(); }

  /// The value; throws the exception when there is one instead.
  Value& value() & {
    require();
    return std::get<1>(state_);
  }
  const Value& value() const& {
    require();
    return std::get<1>(state_);
  }
  Value&& value() && {
    require();
    return std::get<1>(std::move(state_));
  }

  /// The exception, or null.
  [[nodiscard]] std::exception_ptr error() const noexcept {
    const auto* error = std::get_if<2>(&state_);
    return error != nullptr ? *error : nullptr;
  }

 private:
  void require() const {
    if (const auto* error = std::get_if<2>(&state_)) std::rethrow_exception(*error);
  }

  std::variant<std::monostate, Value, std::exception_ptr> state_;
};

}  // namespace rondo
