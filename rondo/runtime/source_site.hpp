#pragma once
// Places in source files, as messages name them.

#include <cstddef>
#include <source_location>
#include <string>
#include <string_view>

namespace rondo::detail {

/// "main.cpp:42": the file's base name and the line.
std::string to_string(const std::source_location& site);

/// "feed::fetch": the function of that place without its types and parameters. A lambda is
/// "feed::fetch::lambda".
std::string function_of(const std::source_location& site);

/// The same for what `std::source_location::function_name` gives, which each compiler spells in its
/// own way.
std::string short_function_name(std::string_view pretty);

/// Where the name stands in what the compiler gives, types in brackets included.
struct FunctionName {
  std::string_view name;
  bool is_lambda = false;
};
FunctionName find_function_name(std::string_view pretty) noexcept;

/// The same without memory of its own, for a signal handler: calls `out(character)`.
template <class Out>
void write_function_name(std::string_view pretty, Out out) {
  const FunctionName found = find_function_name(pretty);
  int depth = 0;
  std::size_t colons = 2;  // what stands in brackets may leave two pairs of them, or one in front
  for (const char c : found.name) {
    if (c == '<' || c == '(' || c == '{') ++depth;
    if (depth == 0) {
      colons = c == ':' ? colons + 1 : 0;
      if (colons <= 2) out(c);
    }
    if (c == '>' || c == ')' || c == '}') --depth;
  }
  if (!found.is_lambda) return;
  for (const char c : std::string_view("::lambda")) out(c);
}

}  // namespace rondo::detail
