#pragma once
// The encoders of the codings that clients accept (RFC 9110 §8.4.1, RFC 7932, RFC 8878).

#include <functional>
#include <string>
#include <string_view>

namespace rondo::demo {

using Encoder = std::function<std::string(std::string_view)>;

/// The encoder for "gzip", "deflate", "br" or "zstd"; empty for any other name. It throws
/// `std::runtime_error` when the library cannot encode.
[[nodiscard]] Encoder encoder_for(std::string_view coding);

}  // namespace rondo::demo
