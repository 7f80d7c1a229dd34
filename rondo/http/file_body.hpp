#pragma once
// The content of a file as a body.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/http/request_body.hpp"
#include "rondo/runtime/file.hpp"

namespace rondo::http {

/// Opened by `start`, and read one block at a time.
class FileBody final : public BodyStream {
 public:
  explicit FileBody(std::string path) noexcept : path_(std::move(path)) {}

  Task<> start() override;
  Task<std::string_view> next() override;
  std::optional<std::uint64_t> size() const override { return size_; }
  bool is_replayable() const noexcept override { return true; }

 private:
  std::string path_;
  std::optional<File> file_;
  std::uint64_t size_ = 0;
  std::string block_;
};

}  // namespace rondo::http
