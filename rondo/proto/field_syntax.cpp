// The lists of field values: a scan for the comma that is not inside a quoted string.

#include "rondo/proto/field_syntax.hpp"

#include "rondo/base/ascii.hpp"

namespace rondo::proto {

std::string_view next_list_member(std::string_view& rest) noexcept {
  bool quoted = false;
  std::size_t at = 0;
  while (at < rest.size() && (quoted || rest[at] != ',')) {
    if (rest[at] == '"') quoted = !quoted;
    // Inside quotes a backslash takes the next byte with it, so that \" does not end the string.
    at += quoted && rest[at] == '\\' && at + 1 < rest.size() ? 2 : 1;
  }
  const std::string_view member = ascii::trim(rest.substr(0, at));
  rest.remove_prefix(at < rest.size() ? at + 1 : at);
  return member;
}

}  // namespace rondo::proto
