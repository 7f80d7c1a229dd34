// The path lives in the string as "/a/b/c", so a segment is removed by cutting at the last slash.

#include "rondo/proto/url_path.hpp"

#include "rondo/base/ascii.hpp"
#include "rondo/proto/ascii_set.hpp"
#include "rondo/proto/percent.hpp"

namespace rondo::proto {
namespace {

/// The dots that a segment consists of, each perhaps written %2e; 0 if it is no dot segment.
int count_dots(std::string_view segment) noexcept {
  int dots = 0;
  while (!segment.empty() && dots < 3) {
    if (segment[0] == '.') {
      segment.remove_prefix(1);
    } else if (ascii::equal_ignoring_case(segment.substr(0, 3), "%2e")) {
      segment.remove_prefix(3);
    } else {
      return 0;
    }
    ++dots;
  }
  return dots < 3 ? dots : 0;
}

constexpr std::size_t kDriveLetterSize = 2;

constexpr AsciiSet kSlash("/");
constexpr AsciiSet kSpecialSlashes("/\\");

bool is_normalised_drive_letter(std::string_view text) noexcept {
  return is_drive_letter(text) && text[1] == ':';
}

}  // namespace

void PathWriter::append(std::string_view text) {
  const AsciiSet& slashes = is_special(scheme_) ? kSpecialSlashes : kSlash;
  while (true) {
    const std::size_t end = slashes.find_in(text);
    const bool last = end == std::string_view::npos;
    append_segment(text.substr(0, end), last);
    if (last) return;
    text.remove_prefix(end + 1);
  }
}

void PathWriter::append_segment(std::string_view segment, bool last) {
  const int dots = count_dots(segment);
  if (dots > 0) {
    if (dots == 2) shorten();
    if (last) out_ += '/';
    return;
  }
  const bool is_drive =
      scheme_ == SchemeKind::file && out_.size() == begin_ && is_drive_letter(segment);
  out_ += '/';
  percent_encode(segment, PercentSet::path, out_);
  if (is_drive) out_.back() = ':';
}

void PathWriter::shorten() noexcept {
  const std::string_view path = std::string_view(out_).substr(begin_);
  if (path.empty()) return;
  if (scheme_ == SchemeKind::file && is_normalised_drive_letter(path.substr(1))) return;
  out_.resize(begin_ + path.rfind('/'));
}

bool is_drive_letter(std::string_view text) noexcept {
  return text.size() == kDriveLetterSize && ascii::is_alpha(text[0]) &&
         (text[1] == ':' || text[1] == '|');
}

bool starts_with_drive_letter(std::string_view text) noexcept {
  if (!is_drive_letter(text.substr(0, kDriveLetterSize))) return false;
  return text.size() == kDriveLetterSize || kFileHostEnd.contains(text[kDriveLetterSize]);
}

std::string_view leading_drive_letter(std::string_view path) noexcept {
  if (path.empty()) return {};
  const std::string_view first = path.substr(1, path.find('/', 1) - 1);
  return is_normalised_drive_letter(first) ? first : std::string_view();
}

}  // namespace rondo::proto
