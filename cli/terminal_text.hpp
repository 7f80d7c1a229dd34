#pragma once
// Text of servers and input files, made safe to show.

#include <string>
#include <string_view>

namespace rondo::cli {

/// `text` as one line that cannot steer a terminal: control characters (those above 127, and those
/// that turn the direction of writing, too) and bytes that are not UTF-8 become \xNN.
[[nodiscard]] std::string printable(std::string_view text);

/// Whether a terminal may obey a character beyond ASCII, or text after it look like something else:
/// U+0080 to U+009F, line separators, and marks that turn the direction of writing.
[[nodiscard]] bool steers_terminal(std::string_view sequence) noexcept;

}  // namespace rondo::cli
