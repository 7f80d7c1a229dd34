// A target may hold commas and semicolons, so a link is read from its front and not cut out.

#include "rondo/proto/link.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/extended_value.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kBlanks = " \t";

void skip(std::string_view& rest, std::string_view bytes) {
  rest.remove_prefix(std::min(rest.find_first_not_of(bytes), rest.size()));
}

bool counts_once(std::string_view name) {
  return name == "rel" || name == "media" || name == "title" || name == "title*" || name == "type";
}

}  // namespace

bool Link::has_relation(std::string_view relation) const noexcept {
  std::string_view rest = parameter("rel").value_or("");
  while (true) {
    skip(rest, kBlanks);
    if (rest.empty()) return false;
    if (ascii::equal_ignoring_case(take_until(rest, kBlanks), relation)) return true;
  }
}

std::optional<std::string_view> Link::parameter(std::string_view name) const noexcept {
  for (const FieldParameter& each : parameters) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

std::optional<std::string> Link::title() const {
  if (const auto extended = parameter("title*")) {
    if (auto decoded = decode_extended_value(*extended)) return decoded;
  }
  const auto plain = parameter("title");
  if (!plain) return std::nullopt;
  return std::string(*plain);
}

std::vector<Link> parse_links(std::string_view field) {
  std::vector<Link> links;
  while (true) {
    skip(field, ", \t");
    if (!field.starts_with('<')) break;
    field.remove_prefix(1);
    const std::string_view target = take_until(field, ">");
    if (field.empty() || !is_field_value(target)) break;
    field.remove_prefix(1);
    Link link{std::string(ascii::trim(target)), {}};
    skip(field, kBlanks);
    while (field.starts_with(';')) {
      field.remove_prefix(1);
      std::optional<FieldParameter> parameter = take_parameter(field, ";,");
      if (!parameter) continue;
      if (counts_once(parameter->name) && link.parameter(parameter->name)) continue;
      link.parameters.push_back(*std::move(parameter));
    }
    links.push_back(std::move(link));
    if (!field.starts_with(',')) break;
  }
  return links;
}

std::vector<Link> parse_links(const HeaderMap& headers) {
  std::vector<Link> all;
  headers.for_each("Link", [&](std::string_view value) {
    std::vector<Link> some = parse_links(value);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  });
  return all;
}

}  // namespace rondo::proto
