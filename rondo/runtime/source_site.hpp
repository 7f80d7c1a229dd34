#pragma once
// Places in source files, as messages name them.

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

}  // namespace rondo::detail
