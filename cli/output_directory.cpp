// System calls that take a directory's descriptor, one part of a path at a time, with O_NOFOLLOW.
// The directories that were entered last stay open, so that a file costs no walk.

#include "cli/output_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "rondo/base/error.hpp"

#include "cli/file_name.hpp"
#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr std::size_t kUsualTemporaryName = 48;

std::string temporary_name(std::string_view tag, std::uint64_t number) {
  std::string name;
  name.reserve(kUsualTemporaryName);
  return name.append(".rondo-").append(tag).append("-").append(std::to_string(number)) += ".part";
}

std::string temporary_name(std::uint64_t number) {
  static const std::string process = std::to_string(::getpid());
  return temporary_name(process, number);
}

void require_inside(const std::string& name) {
  if (name.empty() || is_inner_path(name)) return;
  throw Error("the output name leads outside of the directory: " + printable(name));
}

}  // namespace

OutputDirectory::OutputDirectory(std::string path) : path_(std::move(path)) {
  const std::string shown = printable(path_);
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(path_, error);
  if (error) throw OsError(error.value(), "make the directory " + shown);
  Descriptor root(::open(path_.c_str(), kOpenDirectory));
  if (!root) throw OsError(errno, "open the directory " + shown);
  if (::faccessat(root.get(), ".", W_OK | X_OK, AT_EACCESS) != 0) {
    throw OsError(errno, "write in the directory " + shown);
  }
  root_ = std::make_shared<OpenDirectory>(std::move(root), nullptr, is_new);
}

/// The directory that `path` names in `parent`, by its last part; null when it is not there and is
/// not to be made.
OutputDirectory::Directory OutputDirectory::enter(const Directory& parent, const std::string& path,
                                                  bool makes) const {
  const char* const name = leaf_of(path);
  bool is_new = false;
  while (true) {
    Descriptor directory(::openat(parent->get(), name, kOpenDirectory | O_NOFOLLOW));
    if (directory) {
      return std::make_shared<OpenDirectory>(std::move(directory), parent, is_new);
    }
    const std::string shown = printable(path_of(path));
    if (errno != ENOENT || is_new) throw OsError(errno, "enter the directory " + shown);
    if (!makes) return nullptr;
    is_new = ::mkdirat(parent->get(), name, 0777) == 0;
    if (!is_new && errno != EEXIST) throw OsError(errno, "make the directory " + shown);
  }
}

OutputDirectory::Directory OutputDirectory::directory_of(const std::string& name, bool makes) {
  Directory directory = root_;
  const std::size_t last = name.rfind('/');
  if (last == std::string::npos) return directory;
  const std::lock_guard guard(mutex_);
  const auto known = open_.find(name.substr(0, last));
  if (known != open_.end()) return known->second;
  for (std::size_t slash = name.find('/'); slash != std::string::npos && directory;
       slash = name.find('/', slash + 1)) {
    const std::string path = name.substr(0, slash);
    const auto above = open_.find(path);
    if (above != open_.end()) {
      directory = above->second;
      continue;
    }
    directory = enter(directory, path, makes);
    if (open_.size() >= kMostOpen) open_.clear();
    if (directory) open_.emplace(path, directory);
  }
  return directory;
}

void OutputDirectory::forget_directories() {
  const std::lock_guard guard(mutex_);
  open_.clear();
}

OutputFile OutputDirectory::open(const std::string& name, std::string temporary, int flags) {
  require_inside(name);
  const int all_flags = flags | O_NOFOLLOW | O_CLOEXEC;
  const bool creates = (flags & O_CREAT) != 0;
  Directory directory = directory_of(name, creates);
  if (!directory) throw OsError(ENOENT, "open a file for " + printable(path_of(name)));
  Descriptor file(::openat(directory->get(), temporary.c_str(), all_flags, 0666));
  if (!file && errno == ENOENT && creates && directory != root_) {
    forget_directories();  // somebody has removed it
    directory = directory_of(name, true);
    file = Descriptor(::openat(directory->get(), temporary.c_str(), all_flags, 0666));
  }
  if (!file) throw OsError(errno, "make a file for " + printable(path_of(name)));
  return OutputFile(*this, std::move(directory), std::move(file), std::move(temporary), name);
}

OutputFile OutputDirectory::create(const std::string& name) {
  return open(name, temporary_name(++files_), O_RDWR | O_CREAT | O_EXCL);
}

OutputFile OutputDirectory::create(const std::string& name, std::uint64_t number) {
  return open(name, temporary_name(tag_, number), O_RDWR | O_CREAT | O_TRUNC);
}

std::optional<OutputFile> OutputDirectory::reopen(const std::string& name, std::uint64_t number) {
  for (const bool is_named : {true, false}) {
    try {
      auto file = open(is_named ? name : "", temporary_name(tag_, number), O_RDWR);
      if (::lseek(file.file_.get(), 0, SEEK_END) < 0) file.fail("read");
      if (!is_named && !name.empty()) rename(file, name);
      return file;
    } catch (const OsError& error) {
      if (error.code() != ENOENT) throw;
    }
  }
  return std::nullopt;
}

void OutputDirectory::rename(OutputFile& file, std::string name) {
  require_inside(name);
  file.target_ = directory_of(name, true);
  file.name_ = std::move(name);
}

std::optional<ExistingFile> OutputDirectory::find(const std::string& name) {
  require_inside(name);
  const Directory directory = directory_of(name, false);
  if (!directory) return std::nullopt;
  struct stat status{};
  if (::fstatat(directory->get(), leaf_of(name), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    throw OsError(errno, "look at the file " + printable(path_of(name)));
  }
  return ExistingFile{S_ISREG(status.st_mode), static_cast<std::uint64_t>(status.st_size),
                      std::chrono::sys_seconds(std::chrono::seconds(status.st_mtime))};
}

std::optional<OutputFile> OutputDirectory::look_into(const std::string& name) {
  const auto existing = find(name);
  if (!existing || !existing->is_regular) return std::nullopt;
  Directory directory = directory_of(name, false);
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  Descriptor file(::openat(directory->get(), leaf_of(name), kFlags));
  if (!file) throw OsError(errno, "open the file " + printable(path_of(name)));
  return OutputFile(*this, std::move(directory), std::move(file), "", name);
}

std::string OutputDirectory::path_of(std::string_view name) const {
  return path_ + (path_.ends_with('/') ? "" : "/") + std::string(name);
}

}  // namespace rondo::cli
