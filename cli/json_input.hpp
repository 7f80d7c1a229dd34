#pragma once
// JSON that people and programs feed to the command: one object a line.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/base/error.hpp"

namespace rondo::cli {

/// A line that is not what it should be; `what()` says what is wrong, in words for people.
class JsonInputError : public Error {
 public:
  using Error::Error;
};

/// One parsed line. Strings are valid UTF-8: lone surrogates and broken bytes count as U+FFFD. A
/// member that is null counts as not there.
class JsonObject {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  /// Throws `JsonInputError`.
  explicit JsonObject(std::string_view line);
  JsonObject(JsonObject&&) noexcept;
  JsonObject& operator=(JsonObject&&) = delete;
  ~JsonObject();

  /// The string that is called `name`; nothing if there is none. Throws `JsonInputError` when it is
  /// no string.
  [[nodiscard]] std::optional<std::string> string(std::string_view name) const;

  /// The list of pairs of strings that is called `name`; empty if there is none. Throws
  /// `JsonInputError` when it is something else.
  [[nodiscard]] Pairs pairs(std::string_view name) const;

  /// Throws `JsonInputError` for a member that is none of `names`.
  void require_only(const std::vector<std::string_view>& names) const;

 private:
  struct Value;
  std::unique_ptr<Value> value_;
};

}  // namespace rondo::cli
