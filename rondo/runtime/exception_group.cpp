// The text is made once, at the throw, and a group inside another has its text already: each level
// only indents what the levels below it have said.

#include "rondo/runtime/exception_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "rondo/runtime/describe_exception.hpp"

namespace rondo {
namespace {

using detail::Failure;

std::vector<Failure> without_origin(const std::vector<std::exception_ptr>& exceptions) {
  std::vector<Failure> failures;
  failures.reserve(exceptions.size());
  for (const auto& exception : exceptions) failures.push_back({exception, {}});
  return failures;
}

std::vector<std::exception_ptr> exceptions_of(const std::vector<Failure>& failures) {
  std::vector<std::exception_ptr> exceptions;
  exceptions.reserve(failures.size());
  for (const Failure& failure : failures) exceptions.push_back(failure.error);
  return exceptions;
}

std::size_t count(const std::exception_ptr& error) {
  if (!error) return 1;
  try {
    std::rethrow_exception(error);
  } catch (const ExceptionGroup& group) {
    return group.failure_count();
  } catch (...) {
    return 1;
  }
}

std::size_t count_all(const std::vector<Failure>& failures) {
  std::size_t sum = 0;
  for (const Failure& failure : failures) sum += count(failure.error);
  return sum;
}

/// The first failure in the tree that is no group.
std::string describe_first(const std::exception_ptr& error) {
  if (!error) return detail::describe(error);
  try {
    std::rethrow_exception(error);
  } catch (const ExceptionGroup& group) {
    return group.exceptions().empty() ? group.what() : describe_first(group.exceptions().front());
  } catch (...) {
    return detail::describe(error);
  }
}

std::string headline(const std::vector<Failure>& failures) {
  if (failures.empty()) return "no failures";
  return fmt::format("{} failures; first: {}", count_all(failures),
                     describe_first(failures.front().error));
}

/// Appends the lines of `text`, each indented by two more.
void append_indented(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out.append("  ").append(text.substr(0, end)).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// What stands under the line of `error`: the causes that `std::throw_with_nested` has noted.
void append_cause(std::string& out, const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::nested_exception& outer) {
    if (outer.nested_ptr() == nullptr) return;
    std::string cause = "caused by " + detail::describe(outer.nested_ptr()) + "\n";
    append_cause(cause, outer.nested_ptr());
    append_indented(out, cause);
  } catch (...) {
    // It has none.
  }
}

std::string tree(const Failure& failure) {
  const std::string origin = failure.origin.empty() ? "" : " (" + failure.origin + ")";
  std::string lines = detail::describe(failure.error) + origin + "\n";
  if (!failure.error) return lines;
  try {
    std::rethrow_exception(failure.error);
  } catch (const ExceptionGroup& group) {
    lines = fmt::format("{} failures{}:\n", group.failure_count(), origin);
    append_indented(lines, group.details());
  } catch (const Error& error) {
    append_indented(lines, error.details());
  } catch (...) {
    // It has said all it knows.
  }
  append_cause(lines, failure.error);
  return lines;
}

std::string list(const std::vector<Failure>& failures) {
  std::string lines;
  for (const Failure& failure : failures) lines += tree(failure);
  return lines;
}

}  // namespace

void detail::rethrow(const std::vector<Failure>& failures) {
  if (failures.size() == 1) std::rethrow_exception(failures.front().error);
  if (!failures.empty()) throw ExceptionGroup(failures);
}

std::string detail::describe_whole(const std::exception_ptr& error) {
  std::string text = describe(error) + "\n";
  try {
    if (error) std::rethrow_exception(error);
  } catch (const ExceptionGroup& group) {
    append_indented(text, group.details());
  } catch (...) {
    // It is one line.
  }
  text.pop_back();
  return text;
}

ExceptionGroup::ExceptionGroup(const std::vector<std::exception_ptr>& exceptions)
    : ExceptionGroup(without_origin(exceptions)) {}

ExceptionGroup::ExceptionGroup(const std::vector<detail::Failure>& failures)
    : Error(headline(failures), list(failures)),
      exceptions_(exceptions_of(failures)),
      failure_count_(count_all(failures)) {}

}  // namespace rondo
