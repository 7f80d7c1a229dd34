#pragma once
// Names of files for what URLs and servers call things. Nothing here touches the disk.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rondo::cli {

/// The name where there is none.
inline constexpr std::string_view kUnnamed = "index.html";

/// The name for the body of `url`: the last segment of its path, percent-decoded, as a
/// `proto::safe_file_name`; else `kUnnamed`.
[[nodiscard]] std::string file_name_for(std::string_view url);

/// Whether `path` is an inner one: relative, and it stays where it starts. None is absolute, or has
/// "..", ".", empty parts, backslashes or control characters in it.
[[nodiscard]] bool is_inner_path(std::string_view path) noexcept;

/// The last part of an inner path, which ends with it.
[[nodiscard]] const char* leaf_of(const std::string& path) noexcept;

/// Where `reserve_name` keeps what is taken: for each key the number that is tried next, or
/// `kDirectory`.
class NameTable {
 public:
  static constexpr std::uint32_t kDirectory = 0;

  virtual ~NameTable() = default;

  /// Adds `key` with `number`; false when it is there.
  virtual bool add(std::uint64_t key, std::uint32_t number) = 0;
  [[nodiscard]] virtual std::uint32_t number_of(std::uint64_t key) = 0;
  virtual void set_number(std::uint64_t key, std::uint32_t number) = 0;
};

/// `wanted`, an inner path, if nobody has it, else "name-2.ext", "name-3.ext", ...; a directory on
/// its way that is a file's name already is numbered, too. The same for the same order of calls.
/// Names differ in more than case, so that this holds for every file system.
[[nodiscard]] std::string reserve_name(NameTable& taken, const std::string& wanted);

/// Names that are taken, in memory.
class FileNames final : public NameTable {
 public:
  [[nodiscard]] std::string reserve(const std::string& name) { return reserve_name(*this, name); }

  bool add(std::uint64_t key, std::uint32_t number) override {
    return next_number_.try_emplace(key, number).second;
  }
  [[nodiscard]] std::uint32_t number_of(std::uint64_t key) override { return next_number_[key]; }
  void set_number(std::uint64_t key, std::uint32_t number) override { next_number_[key] = number; }

 private:
  // A hash stands for its name: should two names share one, the second is numbered needlessly.
  std::unordered_map<std::uint64_t, std::uint32_t> next_number_;
};

}  // namespace rondo::cli
