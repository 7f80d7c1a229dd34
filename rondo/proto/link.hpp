#pragma once
// The field Link (RFC 8288): <https://api.example/items?page=2>; rel="next"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/field_parameter.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::proto {

struct Link {
  /// As sent: a URL, or one that is relative to that of the response.
  std::string target;
  /// As sent; of `rel`, `media`, `title`, `title*` and `type` the first alone counts.
  std::vector<FieldParameter> parameters;

  /// Whether `relation`, in any case, is among the relation types of this link.
  [[nodiscard]] bool has_relation(std::string_view relation) const noexcept;

  /// The value of the first parameter of that name; the name in lower case.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;

  /// The title: `title*` decoded (RFC 8187), or `title`.
  [[nodiscard]] std::optional<std::string> title() const;

  friend bool operator==(const Link&, const Link&) = default;
};

/// The links of one field value, in their order. Reading ends where a link does not begin with '<'
/// or has no '>'; what came before counts.
[[nodiscard]] std::vector<Link> parse_links(std::string_view field);

/// The links of all Link fields.
[[nodiscard]] std::vector<Link> parse_links(const HeaderMap& headers);

}  // namespace rondo::proto
