#pragma once
// From a line of input to a job. Nothing here waits.

#include <string>
#include <string_view>

#include "cli/job.hpp"

namespace rondo::cli {

/// Why `url` cannot even be tried: a CR, LF or NUL in it, which the URL Standard would pass over in
/// silence. Empty when it can.
[[nodiscard]] std::string problem_with_url(std::string_view url);

/// The same for a method and for a header field.
[[nodiscard]] std::string problem_with_method(std::string_view method);
[[nodiscard]] std::string problem_with_header(std::string_view name, std::string_view value);

/// What there is to a line of the input: without white space around it; empty for a comment.
[[nodiscard]] std::string_view job_text(std::string_view line) noexcept;

/// The job of a line: a URL, or a JSON object `{"url", "method", "headers": [[name, value]], "body"
/// or "body_base64", "output", "sha256"}`. Null for a blank line and a comment. A line that
/// cannot be obeyed is a job with a `problem`.
[[nodiscard]] JobPtr parse_job(std::string_view line);

}  // namespace rondo::cli
