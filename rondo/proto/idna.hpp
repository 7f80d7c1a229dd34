#pragma once
// Domain names in Unicode to the ASCII form that DNS knows (URL Standard §3.3, UTS #46).

#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

/// `domain`, in UTF-8, as the URL Standard's "domain to ASCII" with beStrict false gives it:
/// mapped, normalised, labels with other than ASCII characters in Punycode. Hyphens may stand
/// anywhere and lengths are not limited, as DNS will tell. A domain of ASCII characters is put into
/// lower case and nothing more: the standard accepts its "xn--" labels unread, because sites with
/// malformed ones exist.
///
/// Nothing if it is not valid: a disallowed character, a joiner out of context, mixed directions,
/// bad Punycode. The result may hold ASCII characters that are not allowed in a host. May be called
/// by any thread.
[[nodiscard]] std::optional<std::string> domain_to_ascii(std::string_view domain);

}  // namespace rondo::proto
