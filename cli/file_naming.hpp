#pragma once
// Whether, when and how the files of a run get their names.

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/file_name.hpp"
#include "cli/name_template.hpp"

namespace rondo::cli {

/// Copied freely; the template outlives it.
class FileNaming {
 public:
  /// Bodies are not saved.
  FileNaming() = default;

  /// By the template; null: by `file_name_for`.
  explicit FileNaming(const NameTemplate* name_template) noexcept
      : names_files_(true), template_(name_template) {}

  [[nodiscard]] bool names_files() const noexcept { return names_files_; }

  /// Whether names are known only when there are answers.
  [[nodiscard]] bool waits_for_answer() const noexcept {
    return template_ != nullptr && template_->needs_answer();
  }

  /// The name for a URL of the input; empty: there is none, or none yet.
  [[nodiscard]] std::string first_name(std::string_view url, std::uint64_t index) const {
    if (!names_files_ || waits_for_answer()) return {};
    if (template_ == nullptr) return file_name_for(url);
    return template_->name_of({.url = url, .index = index});
  }

  /// The name that had to wait for the answer.
  [[nodiscard]] std::string name_of(const NameFacts& facts) const {
    return template_->name_of(facts);
  }

 private:
  bool names_files_ = false;
  const NameTemplate* template_ = nullptr;
};

}  // namespace rondo::cli
