#pragma once
// The host parser of the URL Standard (§3.5).

#include <string>
#include <string_view>

#include "rondo/base/result.hpp"
#include "rondo/proto/url_error.hpp"
#include "rondo/proto/url_record.hpp"

namespace rondo::proto {

/// Parses `text` as the host of a URL with a special scheme, or of another one, and appends it as
/// it stands in a URL to `out`: a domain in ASCII, an IPv4 address in dotted decimal, an IPv6
/// address in brackets, or for other schemes the text percent-encoded. An error leaves `out` in any
/// state.
[[nodiscard]] Result<HostKind, UrlError> append_host(std::string_view text, bool special,
                                                     std::string& out);

}  // namespace rondo::proto
