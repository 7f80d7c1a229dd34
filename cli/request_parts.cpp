// A header of the job takes the place of all of the command line's with that name.

#include "cli/request_parts.hpp"

#include <algorithm>

#include "rondo/base/ascii.hpp"

namespace rondo::cli {
namespace {

bool has_header(const HeaderList& headers, std::string_view wanted) {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
    return ascii::equal_ignoring_case(header.first, wanted);
  });
}

std::string_view method_of(const Job& job, const FetchOptions& options, bool has_body) {
  if (!job.method.empty()) return job.method;
  if (!options.method.empty()) return options.method;
  return has_body ? "POST" : "GET";
}

}  // namespace

RequestParts parts_of(const Job& job, const FetchOptions& options) {
  RequestParts parts;
  if (job.body) {
    parts.body = *job.body;
  } else if (options.body) {
    parts.body = *options.body;
  }
  parts.has_form = options.has_form && !parts.body;
  parts.method = method_of(job, options, parts.body || parts.has_form);
  for (const auto& [name, value] : options.headers) {
    if (!has_header(job.headers, name)) parts.headers.push_back({name, value});
  }
  for (const auto& [name, value] : job.headers) parts.headers.push_back({name, value});
  const bool has_default_type = !job.body && options.body && !options.body_type.empty();
  if (has_default_type && !has_header(job.headers, "Content-Type") &&
      !has_header(options.headers, "Content-Type")) {
    parts.headers.push_back({"Content-Type", options.body_type});
  }
  return parts;
}

}  // namespace rondo::cli
