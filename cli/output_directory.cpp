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
  return fmt::format(".rondo-{}-{}.part", ::getpid(), number);
}

}  // namespace

Descriptor::~Descriptor() {
  static_cast<void>(close());
}

bool Descriptor::close() noexcept {
  const int number = std::exchange(number_, -1);
  return number < 0 || ::close(number) == 0;
}

OutputFile::OutputFile(int directory, Descriptor opened, std::string temporary, std::string name,
                       std::string shown)
    : directory_(directory),
      opened_(std::move(opened)),
      temporary_(std::move(temporary)),
      name_(std::move(name)),
      shown_(std::move(shown)) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  file_ = Descriptor(::openat(directory_, temporary_.c_str(), kFlags, 0666));
  if (!file_) throw OsError(errno, "make a file for " + shown_);
}

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
    if (count < 0) throw OsError(errno, "write " + shown_);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void OutputFile::commit() {
  if (!file_.close()) throw OsError(errno, "write " + shown_);
  if (::renameat(directory_, temporary_.c_str(), directory_, name_.c_str()) != 0) {
    throw OsError(errno, "name the file " + shown_);
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

OutputFile OutputDirectory::create(const std::string& name) {
  const auto parts = inner_path(name);
  if (!parts) throw Error("the output name leads outside of the directory: " + printable(name));
  Descriptor opened;
  int directory = root_.get();
  std::string shown = path_;
  for (std::size_t i = 0; i + 1 < parts->size(); ++i) {
    shown += "/" + (*parts)[i];
    opened = make_directory(directory, (*parts)[i], printable(shown));
    directory = opened.get();
  }
  return OutputFile(directory, std::move(opened), temporary_name(++files_), parts->back(),
                    printable(path_of(name)));
}

std::string OutputDirectory::path_of(const std::string& name) const {
  return path_.ends_with('/') ? path_ + name : path_ + "/" + name;
}

}  // namespace rondo::cli
