// The mark is sniffed first, then UTF-8 is checked in place, and everything else goes through
// glibc's iconv in pieces of a fixed buffer. iconv stops at bytes it cannot read; we write what the
// Encoding Standard has there and go on behind them.

#include "rondo/proto/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "rondo/proto/charset_labels.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kUtf8 = "UTF-8";

struct ByteOrderMark {
  std::string_view bytes;
  std::string_view iconv_name;
};

constexpr std::array kMarks = {ByteOrderMark{"\xef\xbb\xbf", kUtf8},
                               ByteOrderMark{"\xfe\xff", "UTF-16BE"},
                               ByteOrderMark{"\xff\xfe", "UTF-16LE"}};

// One conversion to UTF-8. The descriptor is made anew for each text: opening costs little beside
// converting, and a text leaves no shift state behind for the next.
class Converter {
 public:
  explicit Converter(std::string_view iconv_name)
      : wide_(iconv_name.starts_with("UTF-16")),
        shifting_(iconv_name.starts_with("ISO-2022")),
        chinese_(iconv_name == "GB18030"),
        windows_(iconv_name.starts_with("CP125") || iconv_name == "CP874"),
        // Names are literals of the table of labels, so they end with a zero.
        descriptor_(iconv_open("UTF-8", iconv_name.data())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (is_open()) iconv_close(descriptor_);
  }

  [[nodiscard]] bool is_open() const { return descriptor_ != invalid(); }

  std::string convert(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() + bytes.size() / 2);
    while (true) {
      const int problem = step(&bytes, text);
      if (problem == E2BIG) continue;
      if (problem == 0) break;
      // In a shifting charset a flush would also forget which one of its sets is selected.
      if (!shifting_) flush(text);
      replace(bytes, text, problem == EINVAL);
    }
    flush(text);
    return text;
  }

 private:
  static iconv_t invalid() { return reinterpret_cast<iconv_t>(-1); }

  void flush(std::string& text) { step(nullptr, text); }

  // Converts one bufferful from the front of `bytes`, or what iconv holds back if there are none.
  // Returns the reason to stop, as `errno` has it.
  int step(std::string_view* bytes, std::string& text) {
    std::array<char, 4096> buffer{};
    char* out = buffer.data();
    std::size_t room = buffer.size();
    std::size_t result = 0;
    if (bytes == nullptr) {
      result = iconv(descriptor_, nullptr, nullptr, &out, &room);
    } else {
      // iconv takes a pointer to mutable bytes and does not write to them.
      char* in = const_cast<char*>(bytes->data());
      std::size_t left = bytes->size();
      result = iconv(descriptor_, &in, &left, &out, &room);
      bytes->remove_prefix(bytes->size() - left);
    }
    const int problem = result == static_cast<std::size_t>(-1) ? errno : 0;
    text.append(buffer.data(), buffer.size() - room);
    return problem;
  }

  // Passes the unit at the front of `bytes` that iconv does not take, or all of a cut one.
  void replace(std::string_view& bytes, std::string& text, bool cut) const {
    const auto byte = static_cast<unsigned char>(bytes.front());
    // The Encoding Standard fills the holes of the Windows charsets with control characters, and
    // has the euro sign where glibc's GB 18030 has nothing.
    if (windows_ && byte >= 0x80 && byte < 0xa0) {
      text.append(latin1_to_utf8(bytes.substr(0, 1)));
    } else {
      text.append(chinese_ && byte == 0x80 ? "\xe2\x82\xac" : "\xef\xbf\xbd");
    }
    const std::size_t unit = wide_ ? 2 : 1;
    bytes.remove_prefix(cut ? bytes.size() : std::min(bytes.size(), unit));
  }

  bool wide_;
  bool shifting_;
  bool chinese_;
  bool windows_;
  iconv_t descriptor_;
};

}  // namespace

Result<std::string, CharsetError> decode_text(std::string bytes, std::string_view label) {
  std::string_view name = iconv_name_of(label);
  if (name.empty()) return Failure{CharsetError::unknown_label};
  for (const ByteOrderMark& mark : kMarks) {
    if (!bytes.starts_with(mark.bytes)) continue;
    name = mark.iconv_name;
    bytes.erase(0, mark.bytes.size());
    break;
  }
  if (name == kUtf8) return to_valid_utf8(std::move(bytes));
  Converter converter(name);
  if (!converter.is_open()) return Failure{CharsetError::unknown_label};
  return converter.convert(bytes);
}

bool is_known_charset(std::string_view label) {
  const std::string_view name = iconv_name_of(label);
  return name == kUtf8 || (!name.empty() && Converter(name).is_open());
}

}  // namespace rondo::proto
