#pragma once
// The parameters of field values: `; name=value; name="quoted"` (RFC 9110 §5.6.6).

#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

/// One parameter. The name is in lower case; the value has neither quotes nor escapes.
struct FieldParameter {
  std::string name;
  std::string value;
  friend bool operator==(const FieldParameter&, const FieldParameter&) = default;
};

/// Removes the front of `rest` up to the first of `ends`, or to its end, and returns it.
std::string_view take_until(std::string_view& rest, std::string_view ends) noexcept;

/// Reads one parameter off `rest`, which starts behind a semicolon, and leaves `rest` at the next
/// of `ends` or empty. Nothing if it makes no sense: no value, a name that is no token, a control
/// character. White space around the equals sign and open quotes are taken.
[[nodiscard]] std::optional<FieldParameter> take_parameter(std::string_view& rest,
                                                           std::string_view ends = ";");

}  // namespace rondo::proto
