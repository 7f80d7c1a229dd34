#pragma once
// Reading the whole body of a response.

#include <coroutine>
#include <optional>
#include <string>

#include "rondo/runtime/task.hpp"

namespace rondo::http {

class ResponseBody;

/// The awaiter of `Response::read`: what a small body costs, which has mostly come with its head,
/// is a string. Whatever takes a task takes this as well. Awaited once; may be moved before.
class [[nodiscard("nothing is read until it is awaited")]] ResponseRead {
 public:
  explicit ResponseRead(ResponseBody& body) noexcept : body_(&body) {}

  /// For a task in a variable.
  operator Task<std::string>() &&;

  /// Takes what is there. Errors as of `Response::read`, here and below.
  bool await_ready();
  template <class P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> parent) {
    return wait_for_rest().await_suspend(parent);
  }
  std::string await_resume();

 private:
  Task<std::string>::Awaiter& wait_for_rest();

  ResponseBody* body_;
  std::string text_;
  Task<std::string> rest_;  // once it has to wait
  std::optional<Task<std::string>::Awaiter> waiting_;
};

}  // namespace rondo::http
