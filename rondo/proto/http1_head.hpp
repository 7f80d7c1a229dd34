#pragma once
// The heads of HTTP/1.1 messages, read incrementally (RFC 9112 §2 to §5).
//
//   ResponseHeadParser parser;
//   auto [consumed, state] = parser.feed(bytes);   // again with more bytes, while need_more
//   if (state == ReadState::complete) ResponseHead head = parser.take();
//
// What is stricter or more lenient than the RFC asks, and whom we follow:
//   - Empty lines in front of a status line are an error, as in curl: on a kept connection they are
//     bytes that nobody accounts for. In front of a request line one is ignored (§2.2).
//   - Folded values are joined with one space in responses, as the RFC allows and curl does; a fold
//     right behind the status line is an error. In requests every fold is an error.
//   - Status codes from 100 to 999 are taken: those above 599 exist, and are to be treated as
//     server errors (RFC 9110 §15).
//   - Several spaces may stand behind the version of a status line, as in curl, Go and browsers;
//     HTTP/1.2 to 1.9 are read as HTTP/1.1 (RFC 9110 §2.5).
//   - Controls other than the tab are errors in values and reason phrases.

#include <memory>
#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_error.hpp"
#include "rondo/proto/http1_field_section.hpp"
#include "rondo/proto/http1_limits.hpp"

namespace rondo::proto {

/// Status line and fields of a response.
struct ResponseHead {
  int status = 0;
  int minor_version = 1;  ///< 0 or 1: HTTP/1.0 or HTTP/1.1
  std::string reason;     ///< may be empty; means nothing (RFC 9112 §4)
  HeaderMap headers;
};

/// Request line and fields of a request.
struct RequestHead {
  std::string method;
  std::string target;     ///< as it was sent, in any of its four forms (RFC 9112 §3.2)
  int minor_version = 1;  ///< 0 or 1: HTTP/1.0 or HTTP/1.1
  HeaderMap headers;
};

/// Reads response heads, one after the other. Informational ones (1xx) are heads like any other:
/// whoever awaits the final one takes or resets and feeds on.
class ResponseHeadParser final : private StartLine {
 public:
  explicit ResponseHeadParser(const Http1Limits& limits = {}) noexcept;

  /// Reads on; stops exactly behind the empty line that ends the head. Input may be cut anywhere.
  ReadProgress feed(std::string_view input) {
    if (head_ == nullptr) use_own_head();
    return reader_.feed(input, head_->headers, this);
  }

  /// The head, once complete; until then whatever has been read of it. Not before the first `feed`.
  [[nodiscard]] const ResponseHead& head() const noexcept { return *head_; }

  /// Gives the complete head away and begins anew, in the same place.
  [[nodiscard]] ResponseHead take();

  /// Forgets everything and begins anew, in the same place with the memory it has.
  void reset() noexcept;

  /// Begins anew in `head`, with its memory. What it had before goes with the first bytes that
  /// come; if that was a head with the same lines, they stay and cost less. It must last until the
  /// parser is done with it: until the next `read_into`, or the last call.
  void read_into(ResponseHead& head) noexcept;

  /// Those of heads from the next on. Touches none: the last that was read into may be gone.
  void set_limits(const Http1Limits& limits) noexcept;

  /// Why the state is `error`; otherwise `none`.
  [[nodiscard]] Http1Error error() const noexcept { return reader_.error(); }

  /// Whether any byte of this head has come. A connection that ends before it was perhaps only
  /// idle for too long; one that ends behind it has `truncated_head`.
  [[nodiscard]] bool has_begun() const noexcept { return reader_.has_begun(); }

 private:
  Http1Error read(std::string_view line) override;
  std::size_t read_usual(std::string_view input) override;
  [[nodiscard]] Http1Error check_beginning(std::string_view line) const override;
  void use_own_head();

  ResponseHead* head_ = nullptr;  // that it reads into; null: its own, which is not there yet
  FieldSectionReader reader_;
  std::unique_ptr<ResponseHead> own_head_;
};

/// Reads request heads, one after the other, for servers. See `ResponseHeadParser`.
class RequestHeadParser final : private StartLine {
 public:
  explicit RequestHeadParser(const Http1Limits& limits = {}) noexcept;

  ReadProgress feed(std::string_view input) { return reader_.feed(input, head_.headers, this); }
  [[nodiscard]] const RequestHead& head() const noexcept { return head_; }
  [[nodiscard]] RequestHead take();
  void take(RequestHead& into);
  void reset() noexcept;
  [[nodiscard]] Http1Error error() const noexcept { return reader_.error(); }
  [[nodiscard]] bool has_begun() const noexcept { return reader_.has_begun(); }

 private:
  Http1Error read(std::string_view line) override;

  RequestHead head_;
  FieldSectionReader reader_;
};

}  // namespace rondo::proto
