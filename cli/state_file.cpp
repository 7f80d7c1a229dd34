// Written under a temporary name that nobody can have guessed or placed there, and renamed. A
// symbolic link stays one, and a device such as /dev/null is never replaced by a file.

#include "cli/state_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "rondo/base/error.hpp"

#include "cli/descriptor.hpp"
#include "cli/option_values.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

std::string directory_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

/// `path` without symbolic links.
std::string resolved(const std::string& path) {
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

bool is_device(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_character_file(path, error);
}

void write_all(const Descriptor& file, std::string_view name, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(file.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw OsError(errno, "write " + std::string(name));
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void write_to_device(const std::string& path, std::string_view name, std::string_view text) {
  const Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!device) throw OsError(errno, "open " + std::string(name) + " " + printable(path));
  write_all(device, name, text);
}

/// A file that is removed unless it was renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& beside) : name_(beside + ".XXXXXX") {
    file_ = Descriptor(::mkostemp(name_.data(), O_CLOEXEC));  // mode 0600
    if (!file_) throw OsError(errno, "make a file beside " + printable(beside));
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  void write(std::string_view name, std::string_view text) { write_all(file_, name, text); }

  void rename_to(const std::string& path, std::string_view name) {
    const bool is_written = file_.close();
    if (!is_written || ::rename(name_.c_str(), path.c_str()) != 0) {
      throw OsError(errno, "write " + std::string(name) + " " + printable(path));
    }
    name_.clear();
  }

 private:
  std::string name_;
  Descriptor file_;
};

}  // namespace

std::string read_state_file(std::string_view option, const std::string& path) {
  if (is_device(path)) return {};
  const std::string directory = directory_of(resolved(path));
  if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    throw UsageError(std::string(option) + ": cannot write in " + printable(directory) + ": " +
                     std::strerror(errno));
  }
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return {};
  return read_file(option, path);
}

void write_state_file(const std::string& path, std::string_view name, std::string_view text) {
  if (is_device(path)) return write_to_device(path, name, text);
  const std::string target = resolved(path);
  TemporaryFile file(target);
  file.write(name, text);
  file.rename_to(target, name);
}

}  // namespace rondo::cli
