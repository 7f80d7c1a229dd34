#pragma once
// Names of files for what strangers call things.

#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

/// `text` made fit for the name of one file, in a directory of the caller's, on every usual file
/// system: slashes, backslashes, control characters, what Windows reserves, marks that turn the
/// direction of writing, and bytes that are not UTF-8 become '_' each; so does a dot in front.
/// Blanks in front, and dots and blanks behind, go. A name of a device of Windows ("con.txt") gets
/// a '_' in front. At most 200 bytes, the extension kept. Nothing if no name is left.
[[nodiscard]] std::optional<std::string> safe_file_name(std::string_view text);

}  // namespace rondo::proto
