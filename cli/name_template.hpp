#pragma once
// Names of files by a template: "{host}/{path}". Nothing here touches the disk.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::cli {

/// What a name may be made of. `status`, `disposition` and `sha256` are of the answer.
struct NameFacts {
  std::string_view url;
  std::uint64_t index = 0;  ///< in the order of the input, from 1
  int status = 0;
  std::string_view disposition = {};  ///< the field Content-Disposition
  std::string_view sha256 = {};       ///< of the body, in hexadecimal digits
};

/// Text with fields in braces; "{{" and "}}" stand for braces. What fields stand for can add no
/// directory, except for `path` and `dir`, and every part of a name is a `proto::safe_file_name`.
///
/// | field  | of http://a.test:8080/x/y/z.tar.gz?q=1 | |
/// |--------|--------------------|---|
/// | scheme | http               | |
/// | host   | a.test             | |
/// | port   | 8080               | the scheme's, if the URL has none |
/// | path   | x/y/z.tar.gz       | "index.html" in place of a last part that is empty |
/// | dir    | x/y                | |
/// | file   | z.tar.gz           | the last part; from Content-Disposition if that is wanted |
/// | stem   | z.tar              | `file` without its extension |
/// | ext    | gz                 | |
/// | query  | q=1                | |
/// | index  | 1                  | the number in the input; {index:6} fills up with zeros |
/// | hash   | 16 digits          | of the URL's SHA-256 |
/// | status | 200                | |
/// | sha256 | 64 digits          | of the body |
class NameTemplate {
 public:
  /// `from_header`: `file` is the name that the server gives, if it gives one. Throws `UsageError`
  /// for a field that there is not, and a template that leads outside.
  NameTemplate(std::string_view text, bool from_header);

  /// Whether a name cannot be made before there is an answer.
  [[nodiscard]] bool needs_answer() const noexcept { return needs_answer_; }

  /// An inner path (`is_inner_path`).
  [[nodiscard]] std::string name_of(const NameFacts& facts) const;

 private:
  enum class Field : std::uint8_t {
    text,
    scheme,
    host,
    port,
    path,
    dir,
    file,
    stem,
    ext,
    query,
    index,
    hash,
    status,
    sha256,
  };
  struct Part {
    Field field = Field::text;
    std::string text = {};     // if it is that
    std::uint32_t digits = 0;  // of an index, at least
  };

  void take_text(std::string_view& rest);
  void take_field(std::string_view& rest);
  void require_inside() const;
  [[nodiscard]] bool is_of_answer(Field field) const noexcept;
  [[nodiscard]] std::string file_of(const NameFacts& facts) const;
  [[nodiscard]] std::string value_of(const Part& part, const NameFacts& facts) const;
  [[nodiscard]] static std::string value_of_url(Field field, std::string_view text);
  [[nodiscard]] static Field field_named(std::string_view name);

  std::vector<Part> parts_;
  bool from_header_;
  bool needs_answer_ = false;
};

}  // namespace rondo::cli
