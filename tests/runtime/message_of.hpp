#pragma once
// What an exception says, as a value that can be compared.

#include <functional>
#include <string>

namespace rondo {

/// `what()` of the `E` that `action` throws.
template <class E>
std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "no such exception";
}

}  // namespace rondo
