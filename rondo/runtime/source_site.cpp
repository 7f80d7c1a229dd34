// Base names only: a build directory in a message helps nobody. The name of a function stands
// before its parameters and behind its return type, at no depth of <> and (); GCC writes the frame
// of a coroutine among the parameters, and both compilers write lambdas in a way of their own.

#include "rondo/runtime/source_site.hpp"

#include <fmt/format.h>

#include <string_view>

namespace rondo::detail {
namespace {

/// Where the qualified name that ends at the end of `text` begins.
std::size_t begin_of_name(std::string_view text) noexcept {
  int depth = 0;
  for (std::size_t i = text.size(); i > 0; --i) {
    const char c = text[i - 1];
    if (c == '>' || c == ')') ++depth;
    if (c == '<' || c == '(') --depth;
    if (depth == 0 && (c == ' ' || c == '*' || c == '&')) return i;
  }
  return 0;
}

/// Without what stands in parentheses and angle brackets.
std::string without_brackets(std::string_view name) {
  std::string bare;
  int depth = 0;
  for (const char c : name) {
    if (c == '<' || c == '(') ++depth;
    if (depth == 0) bare += c;
    if (c == '>' || c == ')') --depth;
  }
  return bare;
}

/// Where the parameters of the function begin; the end when there are none.
std::size_t begin_of_parameters(std::string_view pretty) noexcept {
  int depth = 0;
  for (std::size_t i = 0; i < pretty.size(); ++i) {
    const char c = pretty[i];
    if (c == '<') ++depth;
    if (c == '>') --depth;
    if (c == '(' && depth == 0) return i;
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

std::string short_function_name(std::string_view pretty) {
  pretty = pretty.substr(0, pretty.find(" [with "));
  std::string text(pretty);
  for (const std::string_view nameless : {"(anonymous namespace)::", "{anonymous}::"}) {
    for (auto at = text.find(nameless); at != std::string::npos; at = text.find(nameless)) {
      text.erase(at, nameless.size());
    }
  }
  const std::size_t parameters = begin_of_parameters(text);
  const std::string_view behind =
      std::string_view(text).substr(end_of_parameters(text, parameters));
  const bool is_lambda =
      behind.starts_with("::<lambda") || behind.starts_with("::(anonymous class)");
  const std::string_view name = std::string_view(text).substr(0, parameters);
  return without_brackets(name.substr(begin_of_name(name))) + (is_lambda ? "::lambda" : "");
}

std::string function_of(const std::source_location& site) {
  return short_function_name(site.function_name());
}

}  // namespace rondo::detail
