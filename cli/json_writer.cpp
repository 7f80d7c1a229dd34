// Runs of plain ASCII, which is nearly everything, are appended whole.

#include "cli/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f &&
         c != '"' && c != '\\';
}

void append_ascii(char c, std::string& out) {
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  }
}

/// As UTF-16 in escapes: above U+FFFF in two.
void append_escaped(std::string_view sequence, std::string& out) {
  const std::uint32_t value = proto::code_point_of(sequence);
  if (value < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", value);
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd7c0 + (value >> 10),
                   0xdc00 + (value & 0x3ff));
  }
}

/// Appends the first character of `text`, which is not plain; returns its length.
std::size_t append_special(std::string_view text, std::string& out) {
  if (ascii::is_ascii(text.front())) {
    append_ascii(text.front(), out);
    return 1;
  }
  const auto [length, valid] = proto::first_utf8_sequence(text);
  const std::string_view sequence = text.substr(0, length);
  if (!valid) {
    out += "\xef\xbf\xbd";
  } else if (proto::steers_text(sequence)) {
    append_escaped(sequence, out);
  } else {
    out += sequence;
  }
  return length;
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const auto special = std::find_if_not(text.begin(), text.end(), is_plain);
    const auto plain = static_cast<std::size_t>(special - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (!text.empty()) text.remove_prefix(append_special(text, out));
  }
  out += '"';
}

void JsonWriter::separate() {
  if (follows_value_) *out_ += ", ";
  follows_value_ = true;
}

void JsonWriter::open(char bracket) {
  separate();
  *out_ += bracket;
  follows_value_ = false;
}

void JsonWriter::close(char bracket) {
  *out_ += bracket;
  follows_value_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  *out_ += '"';
  *out_ += name;
  *out_ += "\": ";
  follows_value_ = false;
}

void JsonWriter::string(std::string_view text) {
  separate();
  append_json_string(text, *out_);
}

void JsonWriter::field_text(std::string_view bytes) {
  if (std::all_of(bytes.begin(), bytes.end(), ascii::is_ascii)) {
    string(bytes);
  } else {
    string(proto::utf8_or_latin1(bytes));
  }
}

void JsonWriter::number(std::uint64_t value) {
  separate();
  fmt::format_to(std::back_inserter(*out_), "{}", value);
}

void JsonWriter::integer(std::int64_t value) {
  separate();
  fmt::format_to(std::back_inserter(*out_), "{}", value);
}

void JsonWriter::milliseconds(Clock::duration value) {
  separate();
  const auto micros = std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::microseconds>(value).count());
  fmt::format_to(std::back_inserter(*out_), "{}.{:03}", micros / 1000, micros % 1000);
}

void JsonWriter::seconds(Clock::duration value) {
  separate();
  const auto micros = std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::microseconds>(value).count());
  if (micros == 0) {
    *out_ += "0.0";
  } else {
    fmt::format_to(std::back_inserter(*out_), "{}.{:06}", micros / 1'000'000, micros % 1'000'000);
  }
}

void JsonWriter::null() {
  separate();
  *out_ += "null";
}

}  // namespace rondo::cli
