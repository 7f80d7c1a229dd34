#pragma once
// The path state of the URL parser (URL Standard §4.4): segments, dots and drive letters.

#include <cstddef>
#include <string>
#include <string_view>

#include "rondo/proto/ascii_set.hpp"
#include "rondo/proto/url_scheme.hpp"

namespace rondo::proto {

/// Grows a path at the end of a string, segment by segment.
class PathWriter {
 public:
  /// The path begins at `begin` in `out`, and may have segments already.
  PathWriter(std::string& out, std::size_t begin, SchemeKind scheme) noexcept
      : out_(out), begin_(begin), scheme_(scheme) {}

  /// Appends the segments of `text`, which holds no query or fragment and not the slash in front of
  /// its first segment. Resolves "." and ".."; an empty text is one empty segment.
  void append(std::string_view text);

  /// Removes the last segment, but never a drive letter that is the whole path of a file URL.
  void shorten() noexcept;

 private:
  void append_segment(std::string_view segment, bool last);

  std::string& out_;
  std::size_t begin_;
  SchemeKind scheme_;
};

/// What ends the host of a file URL, and a drive letter.
inline constexpr AsciiSet kFileHostEnd("/\\?#");

/// "C:" or "C|".
[[nodiscard]] bool is_drive_letter(std::string_view text) noexcept;

/// True if `text` begins with a drive letter that ends there or at a delimiter.
[[nodiscard]] bool starts_with_drive_letter(std::string_view text) noexcept;

/// The drive letter "C:" that `path` ("/C:/...") begins with as its first segment, or nothing.
[[nodiscard]] std::string_view leading_drive_letter(std::string_view path) noexcept;

}  // namespace rondo::proto
