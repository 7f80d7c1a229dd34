#pragma once
// Names of files for what URLs and servers call things. Nothing here touches the disk.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rondo::cli {

/// The name for the body of `url`: the last segment of its path, percent-decoded, or "index.html".
/// Always one plain file name: no slash, no control character, no leading dot, valid UTF-8, and
/// short enough to be numbered.
[[nodiscard]] std::string file_name_for(std::string_view url);

/// The parts of a relative path that stays where it starts; nothing for an absolute one, and for
/// one with "..", ".", empty parts, backslashes or control characters in it.
[[nodiscard]] std::optional<std::vector<std::string>> inner_path(std::string_view path);

/// Names that are taken. Letters differ in more than case, so that this holds for every file
/// system.
class FileNames {
 public:
  /// `name`, if nobody has it, else "name-2.ext", "name-3.ext", ...; the same for the same order of
  /// calls.
  [[nodiscard]] std::string reserve(const std::string& name);

 private:
  // A hash stands for its name: should two names share one, the second is numbered needlessly.
  std::unordered_map<std::uint64_t, std::uint32_t> next_number_;
};

}  // namespace rondo::cli
