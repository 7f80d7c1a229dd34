#pragma once
// The field Content-Disposition (RFC 6266): how a body is meant to be used, and its file name.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/field_parameter.hpp"

namespace rondo::proto {

struct ContentDisposition {
  /// In lower case: "attachment", "inline", "form-data", or what else there is.
  std::string type;
  /// As sent; names each once.
  std::vector<FieldParameter> parameters;

  /// Nothing if there is no type. Malformed parameters are passed over.
  [[nodiscard]] static std::optional<ContentDisposition> parse(std::string_view field);

  /// The name that the server gave, in UTF-8: `filename*` (RFC 8187) or, if that is missing or
  /// malformed, `filename`, whose bytes are UTF-8 or else ISO-8859-1. It may be a path, or
  /// anything: not to be used as a file name (see `safe_filename`).
  [[nodiscard]] std::optional<std::string> filename() const;

  /// The name made fit for a file in a directory of the caller's (RFC 6266 §4.3): what follows the
  /// last slash or backslash, as a `safe_file_name`. Nothing if no name is left.
  [[nodiscard]] std::optional<std::string> safe_filename() const;

  /// The value of a parameter; its name in lower case.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;
};

}  // namespace rondo::proto
