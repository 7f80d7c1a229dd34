#pragma once
// The file of `--cookie-jar`.

#include <string>
#include <vector>

#include "rondo/proto/cookie.hpp"

namespace rondo::cli {

/// The cookies of the file at `path`; see `read_state_file`.
[[nodiscard]] std::vector<proto::Cookie> read_cookie_file(const std::string& path);

/// Puts `cookies` into it; see `write_state_file`.
void write_cookie_file(const std::string& path, const std::vector<proto::Cookie>& cookies);

}  // namespace rondo::cli
