#pragma once
// What the fields of a message say of its end, before anything is made of it.

#include <cstdint>
#include <string_view>

#include "rondo/base/result.hpp"
#include "rondo/proto/http1_error.hpp"

namespace rondo::proto {

class HeaderMap;

/// All that has a say in where a message ends (RFC 9112 §6) and what becomes of its connection
/// (§9.3), of as many fields as there are.
struct FramingFields {
  bool closes = false;  ///< Connection has `close`
  bool keeps = false;   ///< Connection has `keep-alive`
  bool has_length = false;
  bool has_coding = false;  ///< there is a Transfer-Encoding, if only an empty one
  bool has_other_codings = false;
  Http1Error length_error = Http1Error::none;  ///< what is wrong with Content-Length
  std::uint32_t chunked = 0;                   ///< so often `chunked` is among the codings
  std::uint64_t length = 0;
};

/// Looks at all fields. `HeaderMap::framing_fields` gives the same, mostly without a look.
[[nodiscard]] FramingFields read_framing_fields(const HeaderMap& headers);

/// The number that a Content-Length value stands for: digits only, without sign or white space;
/// a list of one and the same number counts as that number. At most 2^63 - 1.
[[nodiscard]] Result<std::uint64_t, Http1Error> parse_content_length(std::string_view value);

}  // namespace rondo::proto
