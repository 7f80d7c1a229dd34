// One walk over the fields finds all that has a say in where a message ends and what becomes of its
// connection; then the questions are asked in the order of RFC 9112 §6.3. Both framing fields are
// looked at before either is believed.

#include "rondo/proto/http1_framing.hpp"

#include <cstring>
#include <optional>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

using Framing = Result<BodyFraming, Http1Error>;

constexpr std::uint64_t kMaxLength = INT64_MAX;

std::optional<std::uint64_t> parse_length(std::string_view digits) noexcept {
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : digits) {
    if (!ascii::is_digit(c)) return std::nullopt;
    if (number > kMaxLength / 10) return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > kMaxLength) return std::nullopt;
  }
  return number;
}

// Whether `text` is `word` but for case. Most peers spell it as we do.
template <std::size_t size>
bool is_word(std::string_view text, const char (&word)[size]) noexcept {
  return text.size() == size - 1 &&
         (std::memcmp(text.data(), word, size - 1) == 0 || ascii::equal_ignoring_case(text, word));
}

// What the fields say, before anything is made of it.
class FramingFields {
 public:
  explicit FramingFields(const HeaderMap& headers) {
    const std::size_t size = headers.size();
    for (std::size_t i = 0; i < size; ++i) {
      switch (headers.name_size(i)) {  // they differ, so most names need no other look
        case std::string_view("Connection").size():
        case std::string_view("Content-Length").size():
        case std::string_view("Transfer-Encoding").size():
          note(headers[i]);
          break;
        default:
          break;
      }
    }
  }

  [[nodiscard]] bool keeps_alive(int minor_version) const noexcept {
    return !closes_ && (minor_version >= 1 || keeps_);
  }

  [[nodiscard]] Framing framing(int minor_version, BodyKind otherwise) const {
    if (has_coding_) return transfer_framing(minor_version);
    if (length_error_ != Http1Error::none) return Failure{length_error_};
    if (!has_length_) return BodyFraming{otherwise, 0};
    return BodyFraming{BodyKind::length, length_};
  }

 private:
  void note(const Field& field) {
    if (is_word(field.name, "Content-Length")) {
      note_length(field.value);
    } else if (is_word(field.name, "Connection")) {
      note_connection(field.value);
    } else if (is_word(field.name, "Transfer-Encoding")) {
      note_codings(field.value);
    }
  }

  void note_connection(std::string_view options) {
    if (is_word(options, "keep-alive")) {  // as nearly all are
      keeps_ = true;
      return;
    }
    while (!options.empty()) {
      const std::string_view option = next_list_member(options);
      closes_ = closes_ || is_word(option, "close");
      keeps_ = keeps_ || is_word(option, "keep-alive");
    }
  }

  // Adds what `value` says to what earlier fields have said.
  void note_length(std::string_view value) {
    const bool is_first = !std::exchange(has_length_, true);
    if (length_error_ != Http1Error::none) return;
    const auto length = parse_content_length(value);
    if (!length) {
      length_error_ = length.error();
    } else if (!is_first && *length != length_) {
      length_error_ = Http1Error::conflicting_content_lengths;
    } else {
      length_ = *length;
    }
  }

  // Empty members do not count.
  void note_codings(std::string_view value) {
    has_coding_ = true;
    while (!value.empty()) {
      const std::string_view coding = next_list_member(value);
      if (coding.empty()) continue;
      const bool known = is_word(coding, "chunked");
      chunked_ += known ? 1 : 0;
      has_other_codings_ = has_other_codings_ || !known;
    }
  }

  // The codings of all fields together must be `chunked`, once.
  [[nodiscard]] Framing transfer_framing(int minor_version) const {
    if (minor_version == 0) return Failure{Http1Error::transfer_encoding_in_http_1_0};
    if (has_length_) return Failure{Http1Error::content_length_with_transfer_encoding};
    if (chunked_ != 1 || has_other_codings_) {
      return Failure{Http1Error::unsupported_transfer_coding};
    }
    return BodyFraming{BodyKind::chunked, 0};
  }

  bool closes_ = false;
  bool keeps_ = false;
  bool has_length_ = false;
  Http1Error length_error_ = Http1Error::none;
  std::uint64_t length_ = 0;
  bool has_coding_ = false;
  int chunked_ = 0;
  bool has_other_codings_ = false;
};

bool has_no_body(std::string_view method, int status) noexcept {
  return method == "HEAD" || status < 200 || status == 204 || status == 304;
}

// RFC 9110 §9.3.6.
bool opens_tunnel(std::string_view method, int status) noexcept {
  return method == "CONNECT" && status >= 200 && status < 300;
}

}  // namespace

Result<ResponseEnd, Http1Error> response_end(std::string_view method, const ResponseHead& head) {
  if (opens_tunnel(method, head.status)) return ResponseEnd{};
  const FramingFields fields(head.headers);
  const bool keeps_alive = fields.keeps_alive(head.minor_version);
  if (has_no_body(method, head.status)) return ResponseEnd{{}, keeps_alive};
  const auto framing = fields.framing(head.minor_version, BodyKind::until_close);
  if (!framing) return Failure{framing.error()};
  return ResponseEnd{*framing, keeps_alive && framing->kind != BodyKind::until_close};
}

Framing request_framing(const RequestHead& head) {
  return FramingFields(head.headers).framing(head.minor_version, BodyKind::none);
}

bool keeps_alive(const RequestHead& head) {
  return FramingFields(head.headers).keeps_alive(head.minor_version);
}

Result<std::uint64_t, Http1Error> parse_content_length(std::string_view value) {
  if (const auto only = parse_length(value)) return *only;
  const std::size_t comma = value.find(',');
  const auto number = parse_length(ascii::trim(value.substr(0, comma)));
  if (!number) return Failure{Http1Error::bad_content_length};
  for (std::size_t at = comma; at != std::string_view::npos;) {
    value.remove_prefix(at + 1);
    at = value.find(',');
    const auto other = parse_length(ascii::trim(value.substr(0, at)));
    if (!other) return Failure{Http1Error::bad_content_length};
    if (*other != *number) return Failure{Http1Error::conflicting_content_lengths};
  }
  return *number;
}

}  // namespace rondo::proto
