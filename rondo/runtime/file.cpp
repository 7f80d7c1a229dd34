// Positions are kept here and each transfer names its own, so that the system's one, which every
// copy of the descriptor shares, plays no part. What cannot seek (a pipe, a terminal) says so at
// the first transfer, and is read and written as it comes from then on.

#include "rondo/runtime/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/file_operation.hpp"

namespace rondo {
namespace {

using Action = detail::FileRequest::Action;

constexpr std::size_t kPieceOfUnknown = std::size_t{64} * 1024;

/// What a ring can count; plain calls stop a little below 2 GiB.
constexpr std::size_t kLargestTransfer = std::size_t{1} << 30;

int flags_of(FileMode mode) noexcept {
  switch (mode) {
    case FileMode::read:
      return O_RDONLY | O_CLOEXEC;
    case FileMode::write:
      return O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    case FileMode::create:
      return O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    case FileMode::append:
      return O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
    case FileMode::update:
      return O_RDWR | O_CLOEXEC;
  }
  return O_RDONLY | O_CLOEXEC;
}

void require(std::int64_t result, const char* attempted, const std::string& path) {
  if (result < 0) throw OsError(static_cast<int>(-result), attempted + (' ' + path));
}

}  // namespace

File::File(std::string path, int descriptor) noexcept
    : path_(std::move(path)), descriptor_(descriptor) {}

File::File(File&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      can_seek_(other.can_seek_),
      position_(other.position_) {}

File& File::operator=(File&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(can_seek_, other.can_seek_);
  std::swap(position_, other.position_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Task<File> File::open(std::string path, FileMode mode, unsigned permissions) {
  const detail::FileRequest request{.action = Action::open,
                                    .flags = flags_of(mode),
                                    .permissions = permissions,
                                    .path = path.c_str()};
  const std::int64_t result = co_await detail::FileOperation(request);
  require(result, "open", path);
  co_return File(std::move(path), static_cast<int>(result));
}

Task<std::size_t> File::transfer(bool writes, std::uint64_t offset, char* data, std::size_t size) {
  detail::FileRequest request{.action = writes ? Action::write : Action::read,
                              .descriptor = descriptor_,
                              .data = data,
                              .size = std::min(size, kLargestTransfer),
                              .offset = can_seek_ ? offset : detail::FileRequest::kNoOffset};
  std::int64_t result = co_await detail::FileOperation(request);
  if (result == -ESPIPE && can_seek_) {
    can_seek_ = false;
    request.offset = detail::FileRequest::kNoOffset;
    result = co_await detail::FileOperation(request);
  }
  if (writes && result == 0) result = -EIO;  // asked again, it would say so for ever
  require(result, writes ? "write to" : "read from", path_);
  co_return static_cast<std::size_t>(result);
}

Task<std::size_t> File::read_at(std::uint64_t offset, std::span<char> into) {
  return transfer(false, offset, into.data(), into.size());
}

Task<std::size_t> File::read_some(std::span<char> into) {
  const std::size_t count = co_await transfer(false, position_, into.data(), into.size());
  position_ += count;
  co_return count;
}

Task<std::string> File::read_rest() {
  // One byte more than is announced, so that the end is seen without another piece.
  const std::uint64_t announced = co_await size();
  std::string all(announced > position_ ? announced - position_ + 1 : kPieceOfUnknown, '\0');
  std::size_t filled = 0;
  while (true) {
    const std::size_t count = co_await read_some(std::span(all).subspan(filled));
    if (count == 0) break;
    filled += count;
    if (filled == all.size()) all.resize(2 * all.size());
  }
  all.resize(filled);
  co_return all;
}

Task<> File::write_at(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t count =
        co_await transfer(true, offset, const_cast<char*>(bytes.data()), bytes.size());
    bytes.remove_prefix(count);
    offset += count;
  }
}

Task<> File::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t count =
        co_await transfer(true, position_, const_cast<char*>(bytes.data()), bytes.size());
    bytes.remove_prefix(count);
    position_ += count;
  }
}

Task<std::uint64_t> File::size() const {
  struct statx status{};
  const detail::FileRequest request{
      .action = Action::status, .descriptor = descriptor_, .data = &status};
  const std::int64_t result = co_await detail::FileOperation(request);
  require(result, "read the size of", path_);
  co_return status.stx_size;
}

Task<> File::sync() {
  const detail::FileRequest request{.action = Action::sync, .descriptor = descriptor_};
  const std::int64_t result = co_await detail::FileOperation(request);
  require(result, "write to", path_);
}

Task<> File::close() {
  if (descriptor_ < 0) co_return;
  // Not the file's any more: a close that is cancelled before it has begun leaves it to the guard.
  File guard(path_, std::exchange(descriptor_, -1));
  const detail::FileRequest request{.action = Action::close, .descriptor = guard.descriptor_};
  const std::int64_t result = co_await detail::FileOperation(request);
  guard.descriptor_ = -1;
  require(result, "close", path_);
}

Task<std::string> read_file(std::string path) {
  File file = co_await File::open(std::move(path));
  co_return co_await file.read_rest();
}

Task<> write_file(std::string path, std::string contents) {
  File file = co_await File::open(std::move(path), FileMode::write);
  co_await file.write(contents);
  co_await file.close();
}

Task<> rename_file(std::string from, std::string to) {
  const detail::FileRequest request{
      .action = Action::rename, .path = from.c_str(), .new_path = to.c_str()};
  const std::int64_t result = co_await detail::FileOperation(request);
  require(result, "rename", from);
}

Task<> remove_file(std::string path) {
  const detail::FileRequest request{.action = Action::remove, .path = path.c_str()};
  const std::int64_t result = co_await detail::FileOperation(request);
  require(result, "remove", path);
}

}  // namespace rondo
