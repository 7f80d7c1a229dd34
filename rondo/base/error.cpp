// Exceptions own their text: they are read long after the place that threw them has gone.

#include "rondo/base/error.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace rondo {

Error::Error(std::string message, std::string details)
    : message_(std::move(message)), details_(std::move(details)) {}

const char* Error::what() const noexcept {
  return message_.c_str();
}

OsError::OsError(int code, const std::string& attempted)
    : Error(fmt::format("cannot {}: {}", attempted, std::generic_category().message(code))),
      code_(code) {}

}  // namespace rondo
