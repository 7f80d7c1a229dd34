// The lists of field values: a scan for the comma that is not inside a quoted string.

#include "rondo/proto/field_syntax.hpp"

#include <algorithm>
#include <utility>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

constexpr detail::ByteSet make_plain_bytes() {
  detail::ByteSet set{};
  for (bool& plain : set) plain = true;
  set[','] = set['"'] = false;
  return set;
}

constexpr detail::ByteSet kPlainBytes = make_plain_bytes();

}  // namespace

std::string_view next_list_member(std::string_view& rest) noexcept {
  // Most lists have one member.
  if (rest.find(',') == std::string_view::npos) return ascii::trim(std::exchange(rest, {}));
  std::size_t at = std::min(detail::index_outside(kPlainBytes, rest), rest.size());
  bool quoted = false;
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
