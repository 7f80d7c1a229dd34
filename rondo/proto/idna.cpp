// ICU does the work. It reports every error of UTS #46 as a bit; those that the URL Standard does
// not ask for (hyphens, lengths, empty labels) are left out of the verdict.

#include "rondo/proto/idna.hpp"

#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "rondo/base/ascii.hpp"

namespace rondo::proto {
namespace {

constexpr std::uint32_t kIgnoredErrors =
    UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
    UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

/// Far beyond the 253 bytes that DNS allows. ICU takes time that grows with the square of the
/// length.
constexpr std::size_t kMaxSize = 1 << 16;

/// Null if ICU has no data. The object is immutable, so threads share it.
const icu::IDNA* shared_idna() {
  static const std::unique_ptr<icu::IDNA> idna = [] {
    constexpr std::uint32_t kOptions =
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII;
    UErrorCode code = U_ZERO_ERROR;
    return std::unique_ptr<icu::IDNA>(icu::IDNA::createUTS46Instance(kOptions, code));
  }();
  return idna.get();
}

/// Code points whose mapping in UTS #46 changed after Unicode 15.0, which is what ICU 72 of Debian
/// 12 knows: `first` to `last` become `to` and its followers, or vanish. The capital sharp s was
/// "ss", the others were refused. A newer ICU maps them by itself, and then nothing is changed
/// here.
struct Remapping {
  UChar32 first;
  UChar32 last;
  UChar32 to;
};

constexpr UChar32 kVanishes = -1;

constexpr Remapping kRemappings[] = {
    {0x04c0, 0x04c0, 0x04cf},      {0x10a0, 0x10c5, 0x2d00},    {0x115f, 0x1160, kVanishes},
    {0x17b4, 0x17b5, kVanishes},   {0x180e, 0x180e, kVanishes}, {0x1e9e, 0x1e9e, 0x00df},
    {0x2061, 0x2063, kVanishes},   {0x206a, 0x206f, kVanishes}, {0x2132, 0x2132, 0x214e},
    {0x2183, 0x2183, 0x2184},      {0x3164, 0x3164, kVanishes}, {0xffa0, 0xffa0, kVanishes},
    {0x1d173, 0x1d17a, kVanishes}, {0x2f868, 0x2f868, 0x36fc},  {0x2f874, 0x2f874, 0x5f53},
    {0x2f91f, 0x2f91f, 0x243ab},   {0x2f95f, 0x2f95f, 0x7aee},  {0x2f9bf, 0x2f9bf, 0x45d7}};

UChar32 remapped(UChar32 c) noexcept {
  for (const Remapping& each : kRemappings) {
    if (c < each.first || c > each.last) continue;
    return each.to == kVanishes ? kVanishes : each.to + (c - each.first);
  }
  return c;
}

icu::UnicodeString with_recent_mappings(const icu::UnicodeString& domain) {
  icu::UnicodeString mapped;
  for (std::int32_t at = 0; at < domain.length(); at = domain.moveIndex32(at, 1)) {
    const UChar32 c = remapped(domain.char32At(at));
    if (c != kVanishes) mapped.append(c);
  }
  return mapped;
}

std::optional<std::string> unicode_to_ascii(std::string_view domain) {
  const icu::IDNA* const idna = shared_idna();
  if (idna == nullptr || domain.size() > kMaxSize) return std::nullopt;

  const auto size = static_cast<std::int32_t>(domain.size());
  const auto text = icu::UnicodeString::fromUTF8(icu::StringPiece(domain.data(), size));
  icu::UnicodeString ascii;
  icu::IDNAInfo info;
  UErrorCode code = U_ZERO_ERROR;
  idna->nameToASCII(with_recent_mappings(text), ascii, info, code);
  if (U_FAILURE(code) || (info.getErrors() & ~kIgnoredErrors) != 0) return std::nullopt;
  std::string result;
  ascii.toUTF8String(result);
  return result;
}

}  // namespace

std::optional<std::string> domain_to_ascii(std::string_view domain) {
  if (std::all_of(domain.begin(), domain.end(), ascii::is_ascii)) return ascii::lowered(domain);
  return unicode_to_ascii(domain);
}

}  // namespace rondo::proto
