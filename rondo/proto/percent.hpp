#pragma once
// Percent-encoding (URL Standard §1.3).

#include <string>
#include <string_view>

namespace rondo::proto {

/// The sets of bytes that the URL Standard encodes in each part of a URL.
enum class PercentSet {
  c0_control,
  fragment,
  query,
  special_query,
  path,
  userinfo,
  component,
  form
};

/// Appends `text` to `out`, with every byte of `set` as %XX in capitals.
void percent_encode(std::string_view text, PercentSet set, std::string& out);

/// `text` with each valid %XX replaced by its byte; anything else stays as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);

}  // namespace rondo::proto
