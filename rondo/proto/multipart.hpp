#pragma once
// Bodies of the type multipart/form-data (RFC 7578), written as browsers write them (HTML Standard,
// "multipart/form-data encoding algorithm").
//
//   MultipartForm form(random);
//   form.add({.name = "title", .value = "Rondo"});
//   form.add_file({.name = "score", .filename = "a/rondo.pdf", .content_type = "application/pdf"},
//                 size);
//   send(form.content_type(), form.size(), form.finish());

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::proto {

/// One field of a form. Only views: they live as long as the call.
struct MultipartField {
  std::string_view name;
  /// Sent byte for byte. (Browsers make CRLF of the ends of lines; curl and aiohttp do not.) Not
  /// for files.
  std::string_view value = {};
  /// Only what follows the last slash is sent. Without one the part has no filename.
  std::optional<std::string_view> filename = {};
  /// Content-Type of the part. Empty: none, or application/octet-stream where there is a filename.
  std::string_view content_type = {};
};

/// A run of bytes of the body: either `literal`, or all bytes of the file that was the `file`-th to
/// be added, counted from 0.
struct MultipartPiece {
  std::string literal;
  std::optional<std::size_t> file;
  friend bool operator==(const MultipartPiece&, const MultipartPiece&) = default;
};

/// Collects the fields of a form in their order. One thread at a time.
class MultipartForm {
 public:
  /// `random` makes the boundary. It must not be guessed by whoever wrote the values: a value with
  /// the boundary in it would become several parts.
  explicit MultipartForm(const std::array<std::uint8_t, 16>& random);

  /// Adds a field whose value is here. False, and nothing is added, if its `content_type` is no
  /// field value: it has a CR, LF or another control in it.
  [[nodiscard]] bool add(const MultipartField& field);

  /// Adds a field whose value is a file to be read while the body is sent; `size` in bytes, nothing
  /// if it is not known. False as above.
  [[nodiscard]] bool add_file(const MultipartField& field, std::optional<std::uint64_t> size);

  /// The value of Content-Type.
  [[nodiscard]] std::string content_type() const;

  /// Bytes of the whole body; nothing if a file's size is not known.
  [[nodiscard]] std::optional<std::uint64_t> size() const noexcept;

  /// The whole body in its order; two literals never follow each other. The form is empty
  /// afterwards.
  [[nodiscard]] std::vector<MultipartPiece> finish();

 private:
  [[nodiscard]] bool begin_part(const MultipartField& field);
  std::string& literal();

  std::string boundary_;
  std::vector<MultipartPiece> pieces_;
  std::size_t files_ = 0;
  std::uint64_t size_ = 0;  // of all files
  bool size_known_ = true;
};

}  // namespace rondo::proto
