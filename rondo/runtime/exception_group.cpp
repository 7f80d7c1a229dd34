// The text is made once, at the throw.

#include "rondo/runtime/exception_group.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/runtime/describe_exception.hpp"

namespace rondo {
namespace {

std::string headline(const std::vector<std::exception_ptr>& exceptions) {
  return fmt::format("{} tasks failed; first: {}", exceptions.size(),
                     exceptions.empty() ? "" : detail::describe(exceptions.front()));
}

std::string list(const std::vector<std::exception_ptr>& exceptions) {
  std::string lines;
  for (const auto& exception : exceptions) lines += detail::describe(exception) + "\n";
  return lines;
}

}  // namespace

ExceptionGroup::ExceptionGroup(std::vector<std::exception_ptr> exceptions)
    : Error(headline(exceptions), list(exceptions)), exceptions_(std::move(exceptions)) {}

}  // namespace rondo
