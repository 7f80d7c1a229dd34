// One sentence for each error.

#include "rondo/proto/http1_error.hpp"

namespace rondo::proto {
namespace {

std::string_view describe_head(Http1Error error) noexcept {
  switch (error) {
    case Http1Error::bad_status_line:
      return "the first line is no HTTP/1 status line";
    case Http1Error::bad_request_line:
      return "the first line is no HTTP/1 request line";
    case Http1Error::unsupported_version:
      return "the HTTP version is not 1";
    case Http1Error::bad_status_code:
      return "the status code is not a number from 100 to 999";
    case Http1Error::bad_field_name:
      return "a header line has no valid name in front of a colon";
    case Http1Error::bad_field_value:
      return "a header value holds a control character";
    case Http1Error::unexpected_fold:
      return "a header line begins with white space";
    case Http1Error::bad_line_end:
      return "a line of the trailers does not end in CRLF";
    case Http1Error::line_too_long:
      return "a header line is too long";
    case Http1Error::too_many_fields:
      return "there are too many header fields";
    case Http1Error::head_too_large:
      return "the head is too large";
    case Http1Error::truncated_head:
      return "the connection was closed before the head was complete";
    default:
      return "no error";
  }
}

std::string_view describe_body(Http1Error error) noexcept {
  switch (error) {
    case Http1Error::bad_content_length:
      return "Content-Length is not a number";
    case Http1Error::conflicting_content_lengths:
      return "there are several values of Content-Length, and they differ";
    case Http1Error::content_length_with_transfer_encoding:
      return "there is both a Content-Length and a Transfer-Encoding";
    case Http1Error::unsupported_transfer_coding:
      return "Transfer-Encoding is anything but chunked, once";
    case Http1Error::transfer_encoding_in_http_1_0:
      return "there is a Transfer-Encoding in an HTTP/1.0 message";
    case Http1Error::bad_chunk_size:
      return "a chunk does not begin with its size in hexadecimal digits";
    case Http1Error::chunk_too_large:
      return "a chunk size has more than 15 digits";
    case Http1Error::chunk_extension_too_long:
      return "the chunk extensions are too long";
    case Http1Error::bad_chunk_end:
      return "a chunk is not followed by CRLF";
    case Http1Error::truncated_body:
      return "the connection was closed before the body was complete";
    default:
      return {};
  }
}

}  // namespace

std::string_view describe(Http1Error error) noexcept {
  const std::string_view words = describe_body(error);
  return words.empty() ? describe_head(error) : words;
}

}  // namespace rondo::proto
