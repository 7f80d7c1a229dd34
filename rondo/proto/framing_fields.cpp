// One walk over the fields.

#include "rondo/proto/framing_fields.hpp"

#include <cstring>
#include <optional>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::proto {
namespace {

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

void note_connection(std::string_view options, FramingFields& fields) {
  if (is_word(options, "keep-alive")) {  // as nearly all are
    fields.keeps = true;
    return;
  }
  while (!options.empty()) {
    const std::string_view option = next_list_member(options);
    fields.closes = fields.closes || is_word(option, "close");
    fields.keeps = fields.keeps || is_word(option, "keep-alive");
  }
}

// Adds what `value` says to what earlier fields have said.
void note_length(std::string_view value, FramingFields& fields) {
  const bool is_first = !std::exchange(fields.has_length, true);
  if (fields.length_error != Http1Error::none) return;
  const auto length = parse_content_length(value);
  if (!length) {
    fields.length_error = length.error();
  } else if (!is_first && *length != fields.length) {
    fields.length_error = Http1Error::conflicting_content_lengths;
  } else {
    fields.length = *length;
  }
}

// Empty members do not count.
void note_codings(std::string_view value, FramingFields& fields) {
  fields.has_coding = true;
  while (!value.empty()) {
    const std::string_view coding = next_list_member(value);
    if (coding.empty()) continue;
    const bool known = is_word(coding, "chunked");
    fields.chunked += known ? 1 : 0;
    fields.has_other_codings = fields.has_other_codings || !known;
  }
}

void note(const Field& field, FramingFields& fields) {
  if (is_word(field.name, "Content-Length")) {
    note_length(field.value, fields);
  } else if (is_word(field.name, "Connection")) {
    note_connection(field.value, fields);
  } else if (is_word(field.name, "Transfer-Encoding")) {
    note_codings(field.value, fields);
  }
}

}  // namespace

FramingFields read_framing_fields(const HeaderMap& headers) {
  FramingFields fields;
  const std::size_t size = headers.size();
  for (std::size_t i = 0; i < size; ++i) {
    switch (headers.name_size(i)) {  // they differ, so most names need no other look
      case std::string_view("Connection").size():
      case std::string_view("Content-Length").size():
      case std::string_view("Transfer-Encoding").size():
        note(headers[i], fields);
        break;
      default:
        break;
    }
  }
  return fields;
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
