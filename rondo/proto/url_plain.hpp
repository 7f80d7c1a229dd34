#pragma once
// URLs as nearly all are, parsed at a glance.

#include <string_view>

#include "rondo/proto/url_record.hpp"

namespace rondo::proto {

/// Parses `input` into `url`, and into the memory it has, if it is an absolute http or https URL
/// that the URL Standard's parser would leave letter for letter as it is: in lower case up to the
/// path, no credentials, a host that is a name or an IPv4 address in its usual form, a path
/// without dot segments, nothing to encode, no fragment. Any other input gives false, and `url` is
/// left as it was: that is `parse_url`'s.
[[nodiscard]] bool parse_plain_url(std::string_view input, UrlRecord& url);

}  // namespace rondo::proto
