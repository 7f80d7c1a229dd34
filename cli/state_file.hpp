#pragma once
// A file that a run takes up what it knows from, and leaves it in: cookies, hosts of HSTS.

#include <string>
#include <string_view>

namespace rondo::cli {

/// What is in the file at `path`; nothing if there is no such file, or it is a device. Throws
/// `UsageError`, naming `option`, when it cannot be read, or its directory could not take a new
/// one.
[[nodiscard]] std::string read_state_file(std::string_view option, const std::string& path);

/// Puts a file with `text`, readable by its owner only, in the place of the one at `path`, if there
/// is one: all of it or nothing. To a device it is written. Throws `OsError`, where `name` is what
/// the file is.
void write_state_file(const std::string& path, std::string_view name, std::string_view text);

}  // namespace rondo::cli
