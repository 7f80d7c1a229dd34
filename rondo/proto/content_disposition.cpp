// Names are judged after they have been decoded: %2F in `filename*` is a slash like any other.

#include "rondo/proto/content_disposition.hpp"

#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/extended_value.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/file_name.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {

std::optional<ContentDisposition> ContentDisposition::parse(std::string_view field) {
  std::string_view rest = ascii::trim(field);
  const std::string_view type = ascii::trim(take_until(rest, ";"));
  if (!is_token(type)) return std::nullopt;
  ContentDisposition result{ascii::lowered(type), {}};
  while (!rest.empty()) {
    rest.remove_prefix(1);
    std::optional<FieldParameter> parameter = take_parameter(rest);
    if (parameter && !result.parameter(parameter->name)) {
      result.parameters.push_back(*std::move(parameter));
    }
  }
  return result;
}

std::optional<std::string_view> ContentDisposition::parameter(
    std::string_view name) const noexcept {
  for (const FieldParameter& each : parameters) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

std::optional<std::string> ContentDisposition::filename() const {
  if (const auto extended = parameter("filename*")) {
    if (auto decoded = decode_extended_value(*extended)) return decoded;
  }
  const auto plain = parameter("filename");
  if (!plain) return std::nullopt;
  return utf8_or_latin1(*plain);
}

std::optional<std::string> ContentDisposition::safe_filename() const {
  const std::optional<std::string> given = filename();
  if (!given) return std::nullopt;
  std::string_view rest = *given;
  rest.remove_prefix(rest.find_last_of("/\\") + 1);  // npos + 1 is 0
  return safe_file_name(rest);
}

}  // namespace rondo::proto
