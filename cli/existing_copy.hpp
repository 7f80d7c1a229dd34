#pragma once
// A file that is there already: whether it will do, and what asks whether there is a newer one.

#include <string>

#include "rondo/proto/header_map.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/job.hpp"
#include "cli/output_directory.hpp"
#include "cli/request_parts.hpp"

namespace rondo::cli {

/// Whether the job's file is there, with the checksum that the job names, if it does. Throws
/// `OsError`.
[[nodiscard]] Task<bool> has_copy(OutputDirectory& directory, const Job& job);

/// What asks for a body only if it is not the one that is there (RFC 9110 §13.1): its ETag, or when
/// it was modified.
struct ConditionFields {
  std::string if_none_match = {};
  std::string if_modified_since = {};

  [[nodiscard]] bool empty() const noexcept {
    return if_none_match.empty() && if_modified_since.empty();
  }

  /// Adds them. They outlive the request.
  void add_to(RequestParts& parts) const;
};

/// For the file of `job`, by the validators that are known of it, else by its time; empty for one
/// that is not there. Throws `OsError`.
[[nodiscard]] ConditionFields condition_of(OutputDirectory& directory, const Job& job);

/// Gives the file the time at which the server says that it was modified.
void set_modified(const OutputFile& file, const proto::HeaderMap& headers);

}  // namespace rondo::cli
