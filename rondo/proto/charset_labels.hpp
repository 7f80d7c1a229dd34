#pragma once
// The names that the web has for its charsets.

#include <string_view>

namespace rondo::proto {

/// The name that iconv has for the charset that `label` means, "UTF-8" among them; empty if the
/// label is unknown. Letter case and ASCII white space around the label do not matter.
[[nodiscard]] std::string_view iconv_name_of(std::string_view label);

}  // namespace rondo::proto
