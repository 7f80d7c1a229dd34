#pragma once
// What can be wrong with an HTTP/1.1 message that is received.

#include <cstdint>
#include <string_view>

namespace rondo::proto {

/// Why a message was refused. Whoever gets one closes the connection: behind a malformed message
/// nobody knows where the next begins (RFC 9112 §6.3, §11).
enum class Http1Error : std::uint8_t {
  none,
  // Start lines (RFC 9112 §3, §4).
  bad_status_line,
  bad_request_line,
  unsupported_version,
  bad_status_code,
  // Field lines (RFC 9112 §5).
  bad_field_name,
  bad_field_value,
  unexpected_fold,
  bad_line_end,
  line_too_long,
  too_many_fields,
  head_too_large,
  truncated_head,
  // Framing (RFC 9112 §6).
  bad_content_length,
  conflicting_content_lengths,
  content_length_with_transfer_encoding,
  unsupported_transfer_coding,
  transfer_encoding_in_http_1_0,
  // Bodies (RFC 9112 §7, §8).
  bad_chunk_size,
  chunk_too_large,
  chunk_extension_too_long,
  bad_chunk_end,
  truncated_body,
};

/// What is wrong, in words that complete "invalid response: ".
[[nodiscard]] std::string_view describe(Http1Error error) noexcept;

}  // namespace rondo::proto
