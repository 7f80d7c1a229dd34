#pragma once
// The value of a Content-Type field (RFC 9110 §8.3), read as leniently as the MIME Sniffing
// Standard does.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/field_parameter.hpp"

namespace rondo::proto {

/// A media type and its parameters.
struct MediaType {
  using Parameter = FieldParameter;

  /// Both in lower case, never empty.
  std::string type = "application";
  std::string subtype = "octet-stream";
  /// Names in lower case, each once; values as sent, without their quotes.
  std::vector<Parameter> parameters;

  /// Nothing if there is no type, no subtype, or one of them is not a token. A parameter that is
  /// malformed, or whose name was there before, is passed over.
  [[nodiscard]] static std::optional<MediaType> parse(std::string_view content_type);

  /// What a message has whose Content-Type is `content_type`: application/octet-stream if the field
  /// is missing or malformed.
  [[nodiscard]] static MediaType of_message(std::optional<std::string_view> content_type);

  /// "type/subtype".
  [[nodiscard]] std::string essence() const { return type + '/' + subtype; }

  /// The value of a parameter, its name in any case; nothing if it is not there. The view lives as
  /// long as this object is unchanged.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;

  /// The `charset` parameter, unless it is missing or empty.
  [[nodiscard]] std::optional<std::string_view> charset() const noexcept;

  /// application/json or anything that ends with +json (RFC 6839 §3.1).
  [[nodiscard]] bool is_json() const noexcept;

  friend bool operator==(const MediaType&, const MediaType&) = default;
};

}  // namespace rondo::proto
