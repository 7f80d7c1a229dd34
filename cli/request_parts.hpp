#pragma once
// What is sent for a job: its own words, and the command line's where it has none.

#include <optional>
#include <string_view>
#include <vector>

#include "rondo/proto/fields.hpp"

#include "cli/fetch_options.hpp"
#include "cli/job.hpp"

namespace rondo::cli {

/// Views into the job and the options.
struct RequestParts {
  std::string_view method;
  std::vector<proto::Field> headers;
  std::optional<std::string_view> body;
  bool has_form = false;  ///< the command line's form, in place of a body
};

[[nodiscard]] RequestParts parts_of(const Job& job, const FetchOptions& options);

}  // namespace rondo::cli
