// The body goes into a file of another name beside the one that is asked for, and gets its name
// when it is whole: nobody ever sees a part of it.

#include <fmt/format.h>
#include <unistd.h>

#include <random>
#include <string>
#include <utility>

#include "rondo/http/response.hpp"
#include "rondo/runtime/file.hpp"

namespace rondo::http {
namespace {

/// Removes the file unless it was given its name. At once, for it also runs when the request is
/// cancelled.
class TemporaryName {
 public:
  explicit TemporaryName(std::string name) noexcept : name_(std::move(name)) {}
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
  ~TemporaryName() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  void keep() noexcept { name_.clear(); }

 private:
  std::string name_;
};

std::string temporary_name(const std::string& path) {
  std::random_device random;
  return fmt::format("{}.{:08x}{:08x}.part", path, random(), random());
}

}  // namespace

Task<std::uint64_t> Response::save_to(std::string path) {
  const std::string name = temporary_name(path);
  File file = co_await File::open(name, FileMode::create);
  TemporaryName temporary(name);
  std::uint64_t size = 0;
  while (true) {
    const std::string_view piece = co_await read_any();
    if (piece.empty()) break;
    co_await file.write(piece);
    size += piece.size();
  }
  co_await file.close();
  co_await rename_file(name, path);
  temporary.keep();
  co_return size;
}

}  // namespace rondo::http
