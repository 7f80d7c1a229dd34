// System calls on one file. A rename replaces a symbolic link instead of following it.

#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "rondo/base/error.hpp"

#include "cli/file_name.hpp"
#include "cli/output_directory.hpp"
#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

/// Not every file system can do that for a directory, and then there is nothing to wait for.
void sync_names(int directory) {
  if (::fsync(directory) == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS) return;
  throw OsError(errno, "write the names of files");
}

}  // namespace

OutputFile::OutputFile(const OutputDirectory& tree, std::shared_ptr<OpenDirectory> directory,
                       Descriptor file, std::string temporary, std::string name)
    : tree_(&tree),
      directory_(std::move(directory)),
      target_(directory_),
      file_(std::move(file)),
      temporary_(std::move(temporary)),
      name_(std::move(name)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : tree_(other.tree_),
      directory_(std::move(other.directory_)),
      target_(std::move(other.target_)),
      file_(std::move(other.file_)),
      temporary_(std::exchange(other.temporary_, {})),
      name_(std::move(other.name_)) {}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) ::unlinkat(directory_->get(), temporary_.c_str(), 0);
}

std::string OutputFile::path() const {
  return tree_->path_of(name_.empty() ? temporary_ : name_);
}

void OutputFile::fail(std::string_view what) const {
  const int code = errno;
  throw OsError(code, std::string(what) + " " + printable(path()));
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void OutputFile::write_at(std::uint64_t position, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count =
        ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(position));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write");
    bytes.remove_prefix(static_cast<std::size_t>(count));
    position += static_cast<std::uint64_t>(count);
  }
}

void OutputFile::reserve(std::uint64_t size) {
  const auto length = static_cast<off_t>(size);
  if (::fallocate(file_.get(), 0, 0, length) == 0) return;
  if (errno != EOPNOTSUPP && errno != ENOSYS) fail("make room for");
  if (::ftruncate(file_.get(), length) != 0) fail("make room for");
}

void OutputFile::set_modified(std::chrono::sys_seconds time) const noexcept {
  const timespec times[] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                            {.tv_sec = time.time_since_epoch().count(), .tv_nsec = 0}};
  static_cast<void>(::futimens(file_.get(), times));
}

void OutputFile::sync() {
  if (::fsync(file_.get()) != 0) fail("write");
}

void OutputFile::keep() noexcept {
  temporary_.clear();
}

std::uint64_t OutputFile::size() const {
  struct stat status{};
  if (::fstat(file_.get(), &status) != 0) fail("read");
  return static_cast<std::uint64_t>(status.st_size);
}

void OutputFile::read_back(const std::function<void(std::string_view)>& take) const {
  std::string piece(std::size_t{256} * 1024, '\0');
  off_t position = 0;
  while (true) {
    const auto count = ::pread(file_.get(), piece.data(), piece.size(), position);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read");
    if (count == 0) return;
    take(std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
    position += count;
  }
}

void OutputFile::commit() {
  if (!file_.close()) fail("write");
  if (::renameat(directory_->get(), temporary_.c_str(), target_->get(), leaf_of(name_)) != 0) {
    fail("name the file");
  }
  temporary_.clear();
}

void OpenDirectory::sync() {
  sync_names(get());
  if (!is_new_) return;
  if (parent_) {
    parent_->sync();
  } else if (const Descriptor above(::openat(get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
             above) {
    sync_names(above.get());
  }
  is_new_ = false;
}

}  // namespace rondo::cli
