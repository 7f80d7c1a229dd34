#pragma once
// The challenges of WWW-Authenticate and Proxy-Authenticate (RFC 9110 §11.3, §11.6.1).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/field_parameter.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::proto {

/// One way to authenticate that a server offers.
struct Challenge {
  /// In lower case: "basic", "digest", "bearer", "negotiate", ...
  std::string scheme;
  /// What "Negotiate YWJj" has instead of parameters; may be empty.
  std::string token68;
  /// Names in lower case, each once; values without quotes and escapes.
  std::vector<FieldParameter> parameters;

  /// Nothing if it is not there; lives as long as this object is unchanged.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;

  friend bool operator==(const Challenge&, const Challenge&) = default;
};

/// The challenges of one field value, which may be several, in their order. Read as leniently as
/// the big clients do: values that should be quoted and are not are taken up to the next comma or
/// white space, an open quote is closed by the end; of two parameters of one name the first counts.
/// At a byte that fits nowhere reading ends, and what is complete before it counts.
[[nodiscard]] std::vector<Challenge> parse_challenges(std::string_view field);

/// The challenges of all fields called `name` together.
[[nodiscard]] std::vector<Challenge> parse_challenges(const HeaderMap& headers,
                                                      std::string_view name);

}  // namespace rondo::proto
