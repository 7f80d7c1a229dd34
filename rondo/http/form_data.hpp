#pragma once
// A form with files: multipart/form-data (RFC 7578).
//
//   FormData form;
//   form.add_field("title", "Rondo");
//   form.add_file("score", "music/rondo.pdf", "application/pdf");
//   session.post(url, {.data = form.body()});

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/request_body.hpp"

namespace rondo::http {

/// Collects the fields of a form in their order.
class FormData {
 public:
  /// Where a value comes from and what is said about it.
  struct Field {
    std::string name;
    std::string value;  ///< or the path of a file
    bool is_file = false;
    std::optional<std::string> filename;
    std::string content_type;
  };

  /// A field with its value. With a `filename`, the server takes it for a file. Throws
  /// `std::invalid_argument` for a content type that cannot be sent.
  void add_field(std::string_view name, std::string_view value, std::string_view content_type = {},
                 std::optional<std::string_view> filename = std::nullopt);

  /// A file, which is opened when the request begins and read while it is sent. What follows the
  /// last slash of `filename`, or else of `path`, is its name for the server. Without a content
  /// type it is application/octet-stream. Throws as `add_field`.
  void add_file(std::string_view name, std::string_view path, std::string_view content_type = {},
                std::optional<std::string_view> filename = std::nullopt);

  /// The body, with a boundary that nobody can guess. It says its Content-Type itself, can be sent
  /// again, and is not changed by what is added to the form later.
  [[nodiscard]] RequestBody body() const;

 private:
  void add(Field field);

  std::vector<Field> fields_;
};

}  // namespace rondo::http
