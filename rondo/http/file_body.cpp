// What the file has grown by since it was opened is not sent.

#include "rondo/http/file_body.hpp"

#include <algorithm>
#include <span>

namespace rondo::http {
namespace {

constexpr std::size_t kBlock = std::size_t{128} * 1024;

}  // namespace

Task<> FileBody::start() {
  if (!file_) file_.emplace(co_await File::open(path_));
  file_->seek(0);
  size_ = co_await file_->size();
}

Task<std::string_view> FileBody::next() {
  const std::uint64_t left = size_ - std::min(size_, file_->position());
  block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kBlock)));
  const std::size_t count = co_await file_->read_some(std::span(block_));
  co_return std::string_view(block_).substr(0, count);
}

}  // namespace rondo::http
