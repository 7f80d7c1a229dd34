// The copy is looked at without following links, and read on a worker thread.

#include "cli/existing_copy.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <optional>

#include "rondo/proto/cookie_date.hpp"
#include "rondo/proto/digest.hpp"
#include "rondo/runtime/to_thread.hpp"

namespace rondo::cli {
namespace {

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string http_date(std::chrono::sys_seconds time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(time.time_since_epoch().count()));
}

std::string hash_of(const OutputFile& file) {
  proto::Sha256 hash;
  file.read_back([&](std::string_view piece) { hash.update(piece); });
  return hash.finish_hex();
}

}  // namespace

Task<bool> has_copy(OutputDirectory& directory, const Job& job) {
  if (job.sha256.empty()) {
    const auto found = directory.find(job.output);
    co_return found && found->is_regular;
  }
  const auto copy = directory.look_into(job.output);
  if (!copy) co_return false;
  std::string hash;
  co_await to_thread([&] { hash = hash_of(*copy); });
  co_return hash == job.sha256;
}

void ConditionFields::add_to(RequestParts& parts) const {
  if (!if_none_match.empty()) parts.headers.push_back({"If-None-Match", if_none_match});
  if (!if_modified_since.empty()) parts.headers.push_back({"If-Modified-Since", if_modified_since});
}

ConditionFields condition_of(OutputDirectory& directory, const Job& job) {
  if (job.output.empty()) return {};
  const auto found = directory.find(job.output);
  if (!found || !found->is_regular) return {};
  const Validators known = job.earlier ? job.earlier->whole : Validators();
  if (!known.etag.empty()) return {.if_none_match = known.etag};
  if (!known.last_modified.empty()) return {.if_modified_since = known.last_modified};
  return {.if_modified_since = http_date(found->modified)};
}

void set_modified(const OutputFile& file, const proto::HeaderMap& headers) {
  const auto field = headers.get("Last-Modified");
  if (!field) return;
  if (const auto time = proto::parse_cookie_date(*field)) file.set_modified(*time);
}

}  // namespace rondo::cli
