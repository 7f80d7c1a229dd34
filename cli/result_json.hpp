#pragma once
// A result as one JSON line.

#include <string>

#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// Appends `result` with a line feed: an object with the members that the contract of the command
/// names, all of them always, `body_base64` if there is a body to show. Always valid UTF-8.
void append_json_line(const TransferResult& result, std::string& out);

}  // namespace rondo::cli
