// What a name may not hold becomes an underscore, byte for byte, so that names stay recognisable.

#include "cli/file_name.hpp"

#include <algorithm>
#include <cstddef>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/percent.hpp"
#include "rondo/proto/utf8.hpp"

#include "cli/stable_hash.hpp"
#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

constexpr std::string_view kUnnamed = "index.html";
constexpr std::size_t kMaxName = 200;  // of the 255 bytes that file systems allow

std::string_view last_segment(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme_end = url.find("://");
  if (scheme_end != std::string_view::npos) url.remove_prefix(scheme_end + 3);
  const std::size_t slash = url.find_last_of("/\\");
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash + 1);
}

bool is_forbidden(std::string_view character) {
  constexpr std::string_view kForbidden = "/\\<>:\"|?*";
  return kForbidden.find(character) != std::string_view::npos || printable(character) != character;
}

/// Whether it is a file name already, as nearly all are.
bool is_plain_name(std::string_view name) noexcept {
  constexpr std::string_view kOthers = "-_+=@,()";
  if (name.empty() || name.front() == '.' || name.size() > kMaxName) return false;
  return std::all_of(name.begin(), name.end(), [kOthers](char c) {
    return ascii::is_alnum(c) || c == '.' || kOthers.find(c) != std::string_view::npos;
  });
}

/// The longest part of `name` that fits and does not cut a character.
std::string_view shortened(std::string_view name) {
  std::size_t length = 0;
  while (length < name.size()) {
    const std::size_t next = length + proto::first_utf8_sequence(name.substr(length)).length;
    if (next > kMaxName) break;
    length = next;
  }
  return name.substr(0, length);
}

std::string numbered(std::string_view name, std::uint32_t number) {
  const std::size_t slash = name.rfind('/');
  const std::size_t dot = name.rfind('.');
  const bool has_extension = dot != std::string_view::npos && dot > 0 &&
                             (slash == std::string_view::npos || dot > slash + 1);
  const std::size_t stem = has_extension ? dot : name.size();
  return std::string(name.substr(0, stem)) + "-" + std::to_string(number) +
         std::string(name.substr(stem));
}

std::uint64_t key_of(std::string_view name) {
  return stable_hash(ascii::lowered(name));
}

}  // namespace

std::string file_name_for(std::string_view url) {
  const std::string_view segment = last_segment(url);
  if (is_plain_name(segment)) return std::string(segment);
  const std::string decoded = proto::percent_decode(segment);
  if (decoded.empty() || decoded == "." || decoded == "..") return std::string(kUnnamed);
  std::string name;
  std::string_view rest = decoded;
  while (!rest.empty()) {
    const std::string_view character = rest.substr(0, proto::first_utf8_sequence(rest).length);
    name += is_forbidden(character) ? "_" : character;
    rest.remove_prefix(character.size());
  }
  if (name.front() == '.') name.front() = '_';
  return std::string(shortened(name));
}

std::optional<std::vector<std::string>> inner_path(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    const bool is_outside = part.empty() || part == "." || part == "..";
    const bool is_odd = std::any_of(part.begin(), part.end(), ascii::is_control) ||
                        part.find('\\') != std::string_view::npos;
    if (is_outside || is_odd) return std::nullopt;
    parts.emplace_back(part);
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::string reserve_name(NameTable& taken, const std::string& name) {
  const std::uint64_t key = key_of(name);
  if (taken.add(key)) return name;
  std::uint32_t number = taken.number_of(key);
  std::string candidate = numbered(name, number);
  while (!taken.add(key_of(candidate))) candidate = numbered(name, ++number);
  taken.set_number(key, number + 1);
  return candidate;
}

}  // namespace rondo::cli
