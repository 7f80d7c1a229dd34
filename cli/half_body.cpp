// A weak validator says nothing of single bytes, and a coding makes other bytes of the same body:
// in both cases halves of two answers need not fit.

#include "cli/half_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/cookie_date.hpp"

#include "cli/text_front.hpp"

namespace rondo::cli {
namespace {

bool has_coding(const proto::HeaderMap& headers) {
  const auto coding = headers.get("Content-Encoding");
  return coding && !ascii::equal_ignoring_case(*coding, "identity");
}

bool is_strong_date(const proto::HeaderMap& headers, std::string_view modified) {
  const auto date = headers.get("Date");
  if (!date) return false;
  const auto then = proto::parse_cookie_date(modified);
  const auto now = proto::parse_cookie_date(*date);
  return then && now && *now - *then >= std::chrono::seconds(1);
}

/// "bytes 100-199/200" as the bytes 100 to 200 of 200.
std::optional<Stretch> stretch_of(std::string_view text) {
  text = ascii::trim(text);
  if (!take_text(text, "bytes ")) return std::nullopt;
  const auto first = take_number(text);
  if (!first || !take_text(text, "-")) return std::nullopt;
  const auto last = take_number(text);
  if (!last || !take_text(text, "/")) return std::nullopt;
  const auto total = take_number(text);
  if (!total || !text.empty() || *last < *first || *last >= *total) return std::nullopt;
  return Stretch{*first, *last + 1, *total};
}

/// What a partial answer has, if it is of a body with `validators`.
std::optional<Stretch> stretch_of(int status, const proto::HeaderMap& headers,
                                  const Validators& validators) {
  if (status != 206 || has_coding(headers)) return std::nullopt;
  const auto etag = headers.get("ETag");
  if (etag && !validators.etag.empty() && *etag != validators.etag) return std::nullopt;
  const auto range = headers.get("Content-Range");
  return range ? stretch_of(*range) : std::nullopt;
}

}  // namespace

bool can_be_halved(const RequestParts& parts) noexcept {
  static constexpr std::array<std::string_view, 6> kConditions = {
      "Range", "If-Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since"};
  if (parts.method != "GET" || parts.body) return false;
  return std::none_of(parts.headers.begin(), parts.headers.end(), [](const auto& field) {
    return std::any_of(kConditions.begin(), kConditions.end(), [&](std::string_view name) {
      return ascii::equal_ignoring_case(field.name, name);
    });
  });
}

Validators validators_of(int status, const proto::HeaderMap& headers) {
  if ((status != 200 && status != 206) || has_coding(headers)) return {};
  const auto etag = headers.get("ETag");
  if (etag && etag->starts_with('"')) return {.etag = std::string(*etag), .last_modified = {}};
  const auto modified = headers.get("Last-Modified");
  if (!modified || !is_strong_date(headers, *modified)) return {};
  return {.etag = {}, .last_modified = std::string(*modified)};
}

RangeFields::RangeFields(std::uint64_t size, const Validators& validators)
    : range(fmt::format("bytes={}-", size)),
      if_range(validators.etag.empty() ? validators.last_modified : validators.etag) {}

RangeFields::RangeFields(std::uint64_t first, std::uint64_t end, const Validators& validators)
    : RangeFields(first, validators) {
  range += std::to_string(end - 1);
}

void RangeFields::add_to(RequestParts& parts) const {
  std::erase_if(parts.headers, [](const auto& field) {
    return ascii::equal_ignoring_case(field.name, "Accept-Encoding");
  });
  parts.headers.push_back({"Range", range});
  parts.headers.push_back({"If-Range", if_range});
  parts.headers.push_back({"Accept-Encoding", "identity"});
}

bool is_other_half(int status, const proto::HeaderMap& headers, std::uint64_t size,
                   const Validators& validators) {
  const auto stretch = stretch_of(status, headers, validators);
  return stretch && stretch->first == size && stretch->end == stretch->total;
}

bool is_stretch(int status, const proto::HeaderMap& headers, const Stretch& stretch,
                const Validators& validators) {
  const auto given = stretch_of(status, headers, validators);
  return given && given->first == stretch.first && given->end == stretch.end &&
         given->total == stretch.total;
}

}  // namespace rondo::cli
