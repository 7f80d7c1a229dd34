#pragma once
// Writes JSON, one value after the other, onto the end of a string.
//
//   JsonWriter json(line);
//   json.begin_object();
//   json.key("status");
//   json.number(200);
//   json.end_object();   // {"status": 200}

#include <cstdint>
#include <string>
#include <string_view>

#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

/// Appends `text` as a JSON string. What is not UTF-8 becomes U+FFFD; control characters, those
/// above 127 too, and what turns the direction of writing are escaped, so that the line is safe on
/// a terminal.
void append_json_string(std::string_view text, std::string& out);

/// Puts the commas and colons; that objects and arrays are closed is the caller's business.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) noexcept : out_(&out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  /// `name` is plain ASCII.
  void key(std::string_view name);
  void string(std::string_view text);
  void number(std::uint64_t value);
  void integer(std::int64_t value);
  void seconds(Clock::duration value);
  void milliseconds(Clock::duration value);
  void null();

  /// The text of a header field: UTF-8 if it is, else Latin-1.
  void field_text(std::string_view bytes);

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();

  std::string* out_;
  bool follows_value_ = false;
};

}  // namespace rondo::cli
