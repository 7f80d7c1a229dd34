// Bytes and streams behind one value.

#include "rondo/http/request_body.hpp"

#include "rondo/http/file_body.hpp"

namespace rondo::http {

RequestBody RequestBody::stream(std::shared_ptr<BodyStream> stream, std::string content_type) {
  RequestBody body;
  body.stream_ = std::move(stream);
  body.content_type_ = std::move(content_type);
  return body;
}

RequestBody RequestBody::file(std::string path, std::string content_type) {
  return stream(std::make_shared<FileBody>(std::move(path)), std::move(content_type));
}

RequestBody BodyOption::body() const {
  if (body_ != nullptr) return *body_;
  return bytes_ ? RequestBody(std::string(*bytes_)) : RequestBody();
}

}  // namespace rondo::http
