// A cursor moves over the field once. One parameter that makes no sense is dropped alone: a
// server's slip in one of them should not cost the others.

#include "rondo/proto/field_parameter.hpp"

#include <algorithm>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

// `rest` starts behind the opening quote and ends behind the closing one, which may be missing.
std::string take_quoted(std::string_view& rest) {
  std::string value;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') break;
    if (c == '\\' && !rest.empty()) {
      value.push_back(rest.front());
      rest.remove_prefix(1);
    } else {
      value.push_back(c);
    }
  }
  return value;
}

}  // namespace

std::string_view take_until(std::string_view& rest, std::string_view ends) noexcept {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

std::optional<FieldParameter> take_parameter(std::string_view& rest, std::string_view ends) {
  const std::size_t at = std::min(rest.size(), std::min(rest.find('='), rest.find_first_of(ends)));
  const std::string_view name = ascii::trim(rest.substr(0, at));
  rest.remove_prefix(at);
  if (!rest.starts_with('=')) return std::nullopt;
  rest.remove_prefix(1);
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t")));
  std::string value;
  if (rest.starts_with('"')) {
    rest.remove_prefix(1);
    value = take_quoted(rest);
    take_until(rest, ends);
  } else {
    value = ascii::trim(take_until(rest, ends));
    if (value.empty()) return std::nullopt;
  }
  if (!is_token(name) || !is_field_value(value)) return std::nullopt;
  return FieldParameter{ascii::lowered(name), std::move(value)};
}

}  // namespace rondo::proto
