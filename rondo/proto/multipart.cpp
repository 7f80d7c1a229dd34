// Everything that is not a file is appended to the literal that comes last.

#include "rondo/proto/multipart.hpp"

#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

// HTML Standard: quotes and the ends of lines are all that is escaped; other bytes, UTF-8 or not,
// go as they are.
void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '"':
        out.append("%22");
        break;
      case '\r':
        out.append("%0D");
        break;
      case '\n':
        out.append("%0A");
        break;
      default:
        out.push_back(c);
    }
  }
}

// Makes CRLF of every end of a line.
std::string with_crlf(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' || text[i] == '\n') {
      result.append("\r\n");
      if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      result.push_back(text[i]);
    }
  }
  return result;
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace

MultipartForm::MultipartForm(const std::array<std::uint8_t, 16>& random)
    : boundary_("----RondoFormBoundary") {
  ascii::append_hex(random, boundary_);
}

std::string& MultipartForm::literal() {
  if (pieces_.empty() || pieces_.back().file) pieces_.emplace_back();
  return pieces_.back().literal;
}

bool MultipartForm::begin_part(const MultipartField& field) {
  if (!is_field_value(field.content_type)) return false;
  std::string& out = literal();
  out.append("--").append(boundary_).append("\r\nContent-Disposition: form-data; name=\"");
  append_escaped(with_crlf(field.name), out);
  out.push_back('"');
  std::string_view type = field.content_type;
  if (field.filename) {
    out.append("; filename=\"");
    append_escaped(base_name(*field.filename), out);
    out.push_back('"');
    if (type.empty()) type = "application/octet-stream";
  }
  if (!type.empty()) out.append("\r\nContent-Type: ").append(type);
  out.append("\r\n\r\n");
  return true;
}

bool MultipartForm::add(const MultipartField& field) {
  if (!begin_part(field)) return false;
  literal().append(field.value).append("\r\n");
  return true;
}

bool MultipartForm::add_file(const MultipartField& field, std::optional<std::uint64_t> size) {
  if (!begin_part(field)) return false;
  pieces_.push_back({{}, files_++});
  literal().append("\r\n");
  size_known_ = size_known_ && size.has_value();
  size_ += size.value_or(0);
  return true;
}

std::string MultipartForm::content_type() const {
  return "multipart/form-data; boundary=" + boundary_;
}

std::optional<std::uint64_t> MultipartForm::size() const noexcept {
  if (!size_known_) return std::nullopt;
  constexpr std::size_t kClosing = 6;  // "--", "--" and CRLF around the boundary
  std::uint64_t size = size_ + boundary_.size() + kClosing;
  for (const MultipartPiece& piece : pieces_) size += piece.literal.size();
  return size;
}

std::vector<MultipartPiece> MultipartForm::finish() {
  literal().append("--").append(boundary_).append("--\r\n");
  files_ = 0;
  size_ = 0;
  size_known_ = true;
  return std::exchange(pieces_, {});
}

}  // namespace rondo::proto
