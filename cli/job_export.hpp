#pragma once
// The results of a job as text, one line each.

#include <string>
#include <string_view>

#include "cli/job_store.hpp"

namespace rondo::cli {

/// Appends a JSON object: {"id", "url", "final_url", "state", "attempts", "status", "bytes",
/// "sha256", "file", "etag", "last_modified", "finished", "error"}.
void append_job_json(const JobRecord& record, std::string_view directory, std::string& out);

/// The same as comma-separated values (RFC 4180), with the parts of the error as columns of their
/// own. Control characters are escaped as for a terminal.
[[nodiscard]] std::string_view job_csv_header() noexcept;
void append_job_csv(const JobRecord& record, std::string_view directory, std::string& out);

}  // namespace rondo::cli
