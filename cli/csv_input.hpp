#pragma once
// Lists as CSV (RFC 4180), a row a line: each row becomes the line that says the same.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::cli {

/// The columns of such a list, by its first line: "url,sha256,output". A column is a member of the
/// JSON objects that lines can be, and one that there is not is refused with each row.
class CsvColumns {
 public:
  /// Nothing if `line` is no such first line: it names a column "url", and nothing but letters,
  /// digits and underscores stands between its commas.
  [[nodiscard]] static std::optional<CsvColumns> parse(std::string_view line);

  /// Replaces `out` by the line for `row`: a JSON object without its empty cells. What is no row
  /// comes back as it is.
  void to_line(std::string_view row, std::string& out) const;

 private:
  std::vector<std::string> names_;
};

}  // namespace rondo::cli
