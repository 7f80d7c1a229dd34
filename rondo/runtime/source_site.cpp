// Base names only: a build directory in a message helps nobody. The name of a function stands
// before its parameters and behind its return type, at no depth of brackets; GCC writes the frame
// of a coroutine among the parameters, and both compilers write lambdas and unnamed namespaces in a
// way of their own.

#include "rondo/runtime/source_site.hpp"

#include <fmt/format.h>

namespace rondo::detail {
namespace {

bool opens(char c) noexcept {
  return c == '<' || c == '(' || c == '{';
}

bool closes(char c) noexcept {
  return c == '>' || c == ')' || c == '}';
}

/// Where the qualified name that ends at the end of `text` begins.
std::size_t begin_of_name(std::string_view text) noexcept {
  int depth = 0;
  for (std::size_t i = text.size(); i > 0; --i) {
    const char c = text[i - 1];
    if (closes(c)) ++depth;
    if (opens(c)) --depth;
    if (depth == 0 && (c == ' ' || c == '*' || c == '&')) return i;
  }
  return 0;
}

/// Where the parameters of the function begin; the end when there are none.
std::size_t begin_of_parameters(std::string_view pretty) noexcept {
  constexpr std::string_view kNameless = "(anonymous namespace)";
  int depth = 0;
  for (std::size_t i = 0; i < pretty.size(); ++i) {
    const char c = pretty[i];
    if (pretty.substr(i).starts_with(kNameless)) {
      i += kNameless.size() - 1;
    } else if (c == '(' && depth == 0) {
      return i;
    } else if (opens(c)) {
      ++depth;
    } else if (closes(c)) {
      --depth;
    }
  }
  return pretty.size();
}

/// Behind the parenthesis that closes the one at `begin`.
std::size_t end_of_parameters(std::string_view pretty, std::size_t begin) noexcept {
  int depth = 0;
  for (std::size_t i = begin; i < pretty.size(); ++i) {
    if (pretty[i] == '(') ++depth;
    if (pretty[i] == ')') --depth;
    if (depth == 0) return i + 1;
  }
  return pretty.size();
}

}  // namespace

std::string to_string(const std::source_location& site) {
  std::string_view file = site.file_name();
  if (const auto slash = file.rfind('/'); slash != std::string_view::npos) {
    file.remove_prefix(slash + 1);
  }
  return fmt::format("{}:{}", file, site.line());
}

FunctionName find_function_name(std::string_view pretty) noexcept {
  pretty = pretty.substr(0, pretty.find(" [with "));
  const std::size_t parameters = begin_of_parameters(pretty);
  const std::string_view behind = pretty.substr(end_of_parameters(pretty, parameters));
  const bool is_lambda =
      behind.starts_with("::<lambda") || behind.starts_with("::(anonymous class)");
  const std::string_view name = pretty.substr(0, parameters);
  return {name.substr(begin_of_name(name)), is_lambda};
}

std::string short_function_name(std::string_view pretty) {
  std::string name;
  write_function_name(pretty, [&](char c) { name += c; });
  return name;
}

std::string function_of(const std::source_location& site) {
  return short_function_name(site.function_name());
}

}  // namespace rondo::detail
