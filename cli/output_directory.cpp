// System calls that take a directory's descriptor, one part of a path at a time, with O_NOFOLLOW. A
// rename replaces a symbolic link instead of following it.

#include "cli/output_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "rondo/base/error.hpp"

#include "cli/file_name.hpp"
#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

Descriptor make_directory(int parent, const std::string& name, const std::string& shown) {
  if (::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST) {
    throw OsError(errno, "make the directory " + shown);
  }
  Descriptor directory(::openat(parent, name.c_str(), kOpenDirectory | O_NOFOLLOW));
  if (!directory) throw OsError(errno, "enter the directory " + shown);
  return directory;
}

std::string temporary_name(std::uint64_t number) {
  static const int process = ::getpid();
  return fmt::format(".rondo-{}-{}.part", process, number);
}

std::string temporary_name(std::string_view tag, std::uint64_t number) {
  return fmt::format(".rondo-{}-{}.part", tag, number);
}

}  // namespace

Descriptor::~Descriptor() {
  static_cast<void>(close());
}

bool Descriptor::close() noexcept {
  const int number = std::exchange(number_, -1);
  return number < 0 || ::close(number) == 0;
}

OutputFile::OutputFile(int directory, Descriptor opened, Descriptor file, std::string temporary,
                       std::string name, std::string shown)
    : directory_(directory),
      opened_(std::move(opened)),
      file_(std::move(file)),
      temporary_(std::move(temporary)),
      name_(std::move(name)),
      shown_(std::move(shown)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : directory_(other.directory_),
      opened_(std::move(other.opened_)),
      file_(std::move(other.file_)),
      temporary_(std::exchange(other.temporary_, {})),
      name_(std::move(other.name_)),
      shown_(std::move(other.shown_)) {}

OutputFile::~OutputFile() {
  if (!temporary_.empty()) ::unlinkat(directory_, temporary_.c_str(), 0);
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw OsError(errno, "write " + printable(shown_));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void OutputFile::sync() {
  if (::fsync(file_.get()) != 0) throw OsError(errno, "write " + printable(shown_));
}

void OutputFile::sync_directory() const noexcept {
  ::fsync(directory_);  // not every file system can, and then there is nothing to wait for
}

std::uint64_t OutputFile::directory() const noexcept {
  struct stat status{};
  return ::fstat(directory_, &status) == 0 ? status.st_ino : 0;
}

void OutputFile::keep() noexcept {
  temporary_.clear();
  static_cast<void>(file_.close());
}

std::uint64_t OutputFile::size() const {
  struct stat status{};
  if (::fstat(file_.get(), &status) != 0) throw OsError(errno, "read " + printable(shown_));
  return static_cast<std::uint64_t>(status.st_size);
}

void OutputFile::read_back(const std::function<void(std::string_view)>& take) const {
  std::string piece(std::size_t{256} * 1024, '\0');
  off_t position = 0;
  while (true) {
    const auto count = ::pread(file_.get(), piece.data(), piece.size(), position);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw OsError(errno, "read " + printable(shown_));
    if (count == 0) return;
    take(std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
    position += count;
  }
}

void OutputFile::commit() {
  if (!file_.close()) throw OsError(errno, "write " + printable(shown_));
  if (::renameat(directory_, temporary_.c_str(), directory_, name_.c_str()) != 0) {
    throw OsError(errno, "name the file " + printable(shown_));
  }
  temporary_.clear();
}

OutputDirectory::OutputDirectory(std::string path) : path_(std::move(path)) {
  const std::string shown = printable(path_);
  std::error_code error;
  std::filesystem::create_directories(path_, error);
  if (error) throw OsError(error.value(), "make the directory " + shown);
  root_ = Descriptor(::open(path_.c_str(), kOpenDirectory));
  if (!root_) throw OsError(errno, "open the directory " + shown);
  if (::faccessat(root_.get(), ".", W_OK | X_OK, AT_EACCESS) != 0) {
    throw OsError(errno, "write in the directory " + shown);
  }
}

OutputDirectory::Place OutputDirectory::place_of(const std::string& name) {
  const auto parts = inner_path(name);
  if (!parts) throw Error("the output name leads outside of the directory: " + printable(name));
  Place place{root_.get(), Descriptor(), parts->back()};
  std::string shown = path_;
  for (std::size_t i = 0; i + 1 < parts->size(); ++i) {
    shown += "/" + (*parts)[i];
    place.opened = make_directory(place.directory, (*parts)[i], printable(shown));
    place.directory = place.opened.get();
  }
  return place;
}

OutputFile OutputDirectory::open(const std::string& name, std::string temporary, int flags) {
  Place place = place_of(name);
  const int all_flags = flags | O_NOFOLLOW | O_CLOEXEC;
  Descriptor file(::openat(place.directory, temporary.c_str(), all_flags, 0666));
  if (!file) throw OsError(errno, "make a file for " + printable(path_of(name)));
  return OutputFile(place.directory, std::move(place.opened), std::move(file), std::move(temporary),
                    std::move(place.name), path_of(name));
}

OutputFile OutputDirectory::create(const std::string& name) {
  return open(name, temporary_name(++files_), O_WRONLY | O_CREAT | O_EXCL);
}

OutputFile OutputDirectory::create(const std::string& name, std::uint64_t number) {
  return open(name, temporary_name(tag_, number), O_RDWR | O_CREAT | O_TRUNC);
}

std::optional<OutputFile> OutputDirectory::reopen(const std::string& name, std::uint64_t number) {
  try {
    return open(name, temporary_name(tag_, number), O_RDWR | O_APPEND);
  } catch (const OsError& error) {
    if (error.code() == ENOENT) return std::nullopt;
    throw;
  }
}

std::string OutputDirectory::path_of(const std::string& name) const {
  return path_.ends_with('/') ? path_ + name : path_ + "/" + name;
}

}  // namespace rondo::cli
