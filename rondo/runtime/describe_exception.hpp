#pragma once
// Exceptions in one line.

#include <exception>
#include <string>

namespace rondo::detail {

/// The class and the message: "std::runtime_error: no such table".
std::string describe(const std::exception_ptr& error);

}  // namespace rondo::detail
