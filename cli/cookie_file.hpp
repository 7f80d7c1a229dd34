#pragma once
// The file of `--cookie-jar`.

#include <string>
#include <vector>

#include "rondo/proto/cookie.hpp"

namespace rondo::cli {

/// The cookies of the file at `path`; none if there is no such file, or it is a device. Throws
/// `UsageError` when it cannot be read, or its directory could not take a new one.
[[nodiscard]] std::vector<proto::Cookie> read_cookie_file(const std::string& path);

/// Puts a file with `cookies`, readable by its owner only, in the place of the one at `path`, if
/// there is one: all of it or nothing. To a device they are written. Throws `OsError`.
void write_cookie_file(const std::string& path, const std::vector<proto::Cookie>& cookies);

}  // namespace rondo::cli
