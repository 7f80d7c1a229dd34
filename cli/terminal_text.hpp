#pragma once
// Text of servers and input files, made safe to show.

#include <string>
#include <string_view>

namespace rondo::cli {

/// `text` as one line that cannot steer a terminal: control characters (those above 127, and those
/// that turn the direction of writing, too) and bytes that are not UTF-8 become \xNN.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace rondo::cli
