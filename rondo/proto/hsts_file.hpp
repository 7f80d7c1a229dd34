#pragma once
// The text of a file with hosts of HSTS, as curl writes it: a line for each host, with the end of
// its time in UTC, and a dot in front of those whose subdomains count.
//
//   .example.com "20271127 08:15:00"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/hsts.hpp"

namespace rondo::proto {

struct HstsFile {
  std::vector<HstsHost> hosts;
  /// Lines that are neither a host, nor a comment, nor blank.
  std::size_t skipped = 0;
};

/// Reads what `write_hsts_file` and curl write; "unlimited" is the year 9999. Lines may end with CR
/// LF. Hosts whose time has ended are returned, too.
[[nodiscard]] HstsFile parse_hsts_file(std::string_view text);

/// A name with white space or a quotation mark in it has no place in the format, and is left out.
[[nodiscard]] std::string write_hsts_file(std::span<const HstsHost> hosts);

}  // namespace rondo::proto
