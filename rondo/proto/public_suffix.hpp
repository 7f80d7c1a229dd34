#pragma once
// The Public Suffix List: domains under which anybody may register a name (publicsuffix.org).

#include <string_view>

namespace rondo::proto {

/// Whether `domain`, in lower case and Punycode, is a public suffix: "com", "co.uk", "github.io". A
/// name without dots that the list does not know is one, too. The list is the one that libpsl was
/// built with, so nothing is read from disk. May be called by any thread.
[[nodiscard]] bool is_public_suffix(std::string_view domain);

}  // namespace rondo::proto
