// The parser refuses lone surrogates and bytes that are not UTF-8, so both are replaced in the text
// before it sees them.

#include "cli/json_input.hpp"

#include <algorithm>
#include <cstddef>

#include <nlohmann/json.hpp>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kEscapeSize = 6;  // \uXXXX

/// The code unit of the \uXXXX at the front of `text`, or -1.
int code_unit(std::string_view text) noexcept {
  if (text.size() < kEscapeSize || text[0] != '\\' || text[1] != 'u') return -1;
  int value = 0;
  for (const char digit : text.substr(2, 4)) {
    const int nibble = ascii::hex_value(digit);
    if (nibble < 0) return -1;
    value = value * 16 + nibble;
  }
  return value;
}

bool is_high_surrogate(int unit) noexcept {
  return unit >= 0xd800 && unit < 0xdc00;
}

bool is_low_surrogate(int unit) noexcept {
  return unit >= 0xdc00 && unit < 0xe000;
}

/// Makes every \uXXXX that is half of a pair without the other half \ufffd.
void replace_lone_surrogates(std::string& text) {
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const std::string_view rest = std::string_view(text).substr(at);
    const int unit = code_unit(rest);
    if (is_high_surrogate(unit) &&
        is_low_surrogate(code_unit(rest.substr(std::min(kEscapeSize, rest.size()))))) {
      at += 2 * kEscapeSize;
      continue;
    }
    if (is_high_surrogate(unit) || is_low_surrogate(unit)) text.replace(at, kEscapeSize, "\\ufffd");
    at += unit < 0 ? 2 : kEscapeSize;
  }
}

[[noreturn]] void refuse(std::string_view name, std::string_view expected) {
  throw JsonInputError("\"" + std::string(name) + "\" is " + std::string(expected));
}

bool is_pair_of_strings(const json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_string() && value[1].is_string();
}

}  // namespace

struct JsonObject::Value {
  json root;

  [[nodiscard]] const json* find(std::string_view name) const {
    const auto member = root.find(std::string(name));
    return member == root.end() || member->is_null() ? nullptr : &*member;
  }
};

JsonObject::JsonObject(std::string_view line) : value_(std::make_unique<Value>()) {
  std::string text = proto::to_valid_utf8(std::string(line));
  replace_lone_surrogates(text);
  value_->root = json::parse(text, nullptr, false);
  if (value_->root.is_discarded()) throw JsonInputError("the line is not valid JSON");
  if (!value_->root.is_object()) throw JsonInputError("the line is not a JSON object");
}

JsonObject::JsonObject(JsonObject&&) noexcept = default;
JsonObject::~JsonObject() = default;

std::optional<std::string> JsonObject::string(std::string_view name) const {
  const json* member = value_->find(name);
  if (member == nullptr) return std::nullopt;
  if (!member->is_string()) refuse(name, "not a string");
  return member->get<std::string>();
}

JsonObject::Pairs JsonObject::pairs(std::string_view name) const {
  Pairs pairs;
  const json* member = value_->find(name);
  if (member == nullptr) return pairs;
  if (!member->is_array()) refuse(name, "not a list of pairs");
  for (const json& pair : *member) {
    if (!is_pair_of_strings(pair)) refuse(name, "not a list of pairs of strings");
    pairs.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
  }
  return pairs;
}

void JsonObject::require_only(const std::vector<std::string_view>& names) const {
  for (const auto& [name, value] : value_->root.items()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      refuse(name, "not known");
    }
  }
}

}  // namespace rondo::cli
