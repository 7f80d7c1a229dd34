// A lead byte fixes how many bytes follow and which second bytes are allowed (that keeps overlong
// forms, surrogates and values past U+10FFFF out); a sequence that breaks off ends before the byte
// that broke it. Runs of ASCII, most of all text, are skipped eight bytes at a time.

#include "rondo/proto/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace rondo::proto {
namespace {

struct CodePoints {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr std::array<CodePoints, 8> kSteering = {{
    {0x80, 0x9f},        // C1
    {0x61c, 0x61c},      // Arabic letter mark
    {0x200e, 0x200f},    // left-to-right, right-to-left mark
    {0x2028, 0x202e},    // line and paragraph separator, embeddings, overrides
    {0x2066, 0x2069},    // isolates
    {0xfeff, 0xfeff},    // byte order mark
    {0xfff9, 0xfffb},    // interlinear annotation
    {0xe0000, 0xe007f},  // tags
}};

struct Lead {
  std::size_t length;
  unsigned char second_min;
  unsigned char second_max;
};

constexpr Lead classify(unsigned char byte) noexcept {
  if (byte >= 0xc2 && byte <= 0xdf) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  if (byte >= 0xf1 && byte <= 0xf3) return {4, 0x80, 0xbf};
  return {0, 0, 0};
}

std::size_t ascii_run(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t size = 0;
  while (size + sizeof(std::uint64_t) <= text.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + size, sizeof word);
    if ((word & kHighBits) != 0) break;
    size += sizeof word;
  }
  while (size < text.size() && static_cast<unsigned char>(text[size]) < 0x80) ++size;
  return size;
}

// The size of the longest valid front part.
std::size_t valid_prefix(std::string_view text) noexcept {
  std::size_t size = 0;
  while (true) {
    size += ascii_run(text.substr(size));
    if (size == text.size()) return size;
    const Utf8Sequence sequence = first_utf8_sequence(text.substr(size));
    if (!sequence.valid) return size;
    size += sequence.length;
  }
}

}  // namespace

Utf8Sequence first_utf8_sequence(std::string_view text) noexcept {
  const auto byte_at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte_at(0) < 0x80) return {1, true};
  const Lead lead = classify(byte_at(0));
  for (std::size_t i = 1; i < lead.length; ++i) {
    const unsigned char min = i == 1 ? lead.second_min : 0x80;
    const unsigned char max = i == 1 ? lead.second_max : 0xbf;
    if (i == text.size() || byte_at(i) < min || byte_at(i) > max) return {i, false};
  }
  return lead.length == 0 ? Utf8Sequence{1, false} : Utf8Sequence{lead.length, true};
}

bool is_valid_utf8(std::string_view text) noexcept {
  return valid_prefix(text) == text.size();
}

std::uint32_t code_point_of(std::string_view sequence) noexcept {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[i]));
  };
  if (sequence.size() == 1) return byte(0);
  std::uint32_t value = byte(0) & (0xffU >> (sequence.size() + 1));
  for (std::size_t i = 1; i < sequence.size(); ++i) value = value << 6 | (byte(i) & 0x3fU);
  return value;
}

bool steers_text(std::string_view sequence) noexcept {
  const std::uint32_t value = code_point_of(sequence);
  return std::any_of(kSteering.begin(), kSteering.end(), [&](const CodePoints& range) {
    return range.first <= value && value <= range.last;
  });
}

void append_valid_utf8(std::string_view text, std::string& out) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  while (true) {
    const std::size_t valid = valid_prefix(text);
    out.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) return;
    out.append(kReplacement);
    text.remove_prefix(first_utf8_sequence(text).length);
  }
}

std::string to_valid_utf8(std::string text) {
  if (is_valid_utf8(text)) return text;
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  append_valid_utf8(text, out);
  return out;
}

std::string latin1_to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
      continue;
    }
    out.push_back(static_cast<char>(0xc0 | byte >> 6));
    out.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
  }
  return out;
}

std::string utf8_or_latin1(std::string_view bytes) {
  return is_valid_utf8(bytes) ? std::string(bytes) : latin1_to_utf8(bytes);
}

}  // namespace rondo::proto
