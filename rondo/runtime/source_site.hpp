#pragma once
// Places in source files, as messages name them.

#include <source_location>
#include <string>

namespace rondo::detail {

/// "main.cpp:42": the file's base name and the line.
std::string to_string(const std::source_location& site);

}  // namespace rondo::detail
