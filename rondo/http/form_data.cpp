// A form without files is bytes; with files it is a stream of literals and of files, one behind the
// other.

#include "rondo/http/form_data.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

#include "rondo/http/file_body.hpp"
#include "rondo/proto/multipart.hpp"

namespace rondo::http {
namespace {

using Random = std::array<std::uint8_t, 16>;

Random make_random() {
  std::random_device device;
  Random random{};
  for (std::uint8_t& byte : random) byte = static_cast<std::uint8_t>(device());
  return random;
}

proto::MultipartField view(const FormData::Field& field) {
  proto::MultipartField view{.name = field.name, .content_type = field.content_type};
  if (!field.is_file) view.value = field.value;
  if (field.filename) view.filename = *field.filename;
  return view;
}

/// Its files are opened together, so that the size of the whole is known before anything is sent.
class MultipartBody final : public BodyStream {
 public:
  MultipartBody(const Random& random, std::vector<FormData::Field> fields)
      : random_(random), fields_(std::move(fields)) {
    for (const FormData::Field& field : fields_) {
      if (field.is_file) files_.push_back(std::make_unique<FileBody>(field.value));
    }
  }

  Task<> start() override {
    proto::MultipartForm form(random_);
    std::size_t file = 0;
    for (const FormData::Field& field : fields_) {
      if (field.is_file) {
        co_await files_[file]->start();
        static_cast<void>(form.add_file(view(field), files_[file]->size()));
        ++file;
      } else {
        static_cast<void>(form.add(view(field)));
      }
    }
    size_ = form.size();
    pieces_ = form.finish();
    next_ = 0;
  }

  Task<std::string_view> next() override {
    while (next_ < pieces_.size()) {
      const proto::MultipartPiece& piece = pieces_[next_];
      if (!piece.file) {
        ++next_;
        co_return piece.literal;
      }
      const std::string_view content = co_await files_[*piece.file]->next();
      if (!content.empty()) co_return content;
      ++next_;
    }
    co_return std::string_view();
  }

  std::optional<std::uint64_t> size() const override { return size_; }
  bool is_replayable() const noexcept override { return true; }

 private:
  Random random_;
  std::vector<FormData::Field> fields_;
  std::vector<std::unique_ptr<FileBody>> files_;
  std::optional<std::uint64_t> size_;
  std::vector<proto::MultipartPiece> pieces_;
  std::size_t next_ = 0;
};

}  // namespace

void FormData::add(Field field) {
  proto::MultipartForm trial{Random{}};
  if (!trial.add(view(field))) {
    throw std::invalid_argument(
        "the content type of a form's field has a byte that is not allowed");
  }
  fields_.push_back(std::move(field));
}

void FormData::add_field(std::string_view name, std::string_view value,
                         std::string_view content_type, std::optional<std::string_view> filename) {
  add({.name = std::string(name),
       .value = std::string(value),
       .filename = filename ? std::optional(std::string(*filename)) : std::nullopt,
       .content_type = std::string(content_type)});
}

void FormData::add_file(std::string_view name, std::string_view path, std::string_view content_type,
                        std::optional<std::string_view> filename) {
  add({.name = std::string(name),
       .value = std::string(path),
       .is_file = true,
       .filename = std::string(filename.value_or(path)),
       .content_type = std::string(content_type)});
}

RequestBody FormData::body() const {
  const Random random = make_random();
  proto::MultipartForm form(random);
  const std::string type = form.content_type();
  for (const Field& field : fields_) {
    if (field.is_file)
      return RequestBody::stream(std::make_shared<MultipartBody>(random, fields_), type);
    static_cast<void>(form.add(view(field)));
  }
  std::string bytes;
  for (const proto::MultipartPiece& piece : form.finish()) bytes += piece.literal;
  return RequestBody(std::move(bytes), type);
}

}  // namespace rondo::http
