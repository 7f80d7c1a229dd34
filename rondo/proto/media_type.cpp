// A cursor moves over the field once. Parameters are read one by one, and one that makes no sense
// is dropped alone: a server's slip in one of them should not cost the others.

#include "rondo/proto/media_type.hpp"

#include <algorithm>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

// Removes and returns the front of `rest`, up to one of `ends` or to its end.
std::string_view take_until(std::string_view& rest, std::string_view ends) {
  const std::string_view taken = rest.substr(0, rest.find_first_of(ends));
  rest.remove_prefix(taken.size());
  return taken;
}

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

// `rest` starts behind a semicolon and ends at the next one or is empty.
std::optional<MediaType::Parameter> take_parameter(std::string_view& rest) {
  const std::string_view name = ascii::trim(take_until(rest, ";="));
  if (rest.empty() || rest.front() == ';') return std::nullopt;
  rest.remove_prefix(1);
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" \t")));
  std::string value;
  if (rest.starts_with('"')) {
    rest.remove_prefix(1);
    value = take_quoted(rest);
    take_until(rest, ";");
  } else {
    value = ascii::trim(take_until(rest, ";"));
    if (value.empty()) return std::nullopt;
  }
  if (!is_token(name) || !is_field_value(value)) return std::nullopt;
  return MediaType::Parameter{ascii::lowered(name), std::move(value)};
}

}  // namespace

std::optional<MediaType> MediaType::parse(std::string_view content_type) {
  std::string_view rest = ascii::trim(content_type);
  const std::string_view type = take_until(rest, "/");
  if (!is_token(type) || rest.empty()) return std::nullopt;
  rest.remove_prefix(1);
  const std::string_view subtype = ascii::trim(take_until(rest, ";"));
  if (!is_token(subtype)) return std::nullopt;
  MediaType result{ascii::lowered(type), ascii::lowered(subtype), {}};
  while (!rest.empty()) {
    rest.remove_prefix(1);
    std::optional<Parameter> parameter = take_parameter(rest);
    if (parameter && !result.parameter(parameter->name)) {
      result.parameters.push_back(*std::move(parameter));
    }
  }
  return result;
}

MediaType MediaType::of_message(std::optional<std::string_view> content_type) {
  return content_type ? parse(*content_type).value_or(MediaType{}) : MediaType{};
}

std::optional<std::string_view> MediaType::parameter(std::string_view name) const noexcept {
  for (const Parameter& parameter : parameters) {
    if (ascii::equal_ignoring_case(parameter.name, name)) return parameter.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> MediaType::charset() const noexcept {
  const std::optional<std::string_view> label = parameter("charset");
  return label && !label->empty() ? label : std::nullopt;
}

bool MediaType::is_json() const noexcept {
  return (type == "application" && subtype == "json") || subtype.ends_with("+json");
}

}  // namespace rondo::proto
