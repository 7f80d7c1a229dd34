// A cursor moves over the field once: type, subtype, parameters.

#include "rondo/proto/media_type.hpp"

#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {

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
    std::optional<FieldParameter> parameter = take_parameter(rest);
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
