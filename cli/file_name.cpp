// Files and directories are in one table, so that none of them stands in the way of another.

#include "cli/file_name.hpp"

#include <algorithm>
#include <cstddef>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/file_name.hpp"
#include "rondo/proto/percent.hpp"

#include "cli/stable_hash.hpp"

namespace rondo::cli {
namespace {

constexpr std::uint32_t kFirstNumber = 2;

std::string_view last_segment(std::string_view url) {
  url = url.substr(0, ascii::find_any<'?', '#'>(url));
  const std::size_t scheme_end = url.find("://");
  if (scheme_end != std::string_view::npos) url.remove_prefix(scheme_end + 3);
  const auto is_slash = [](char c) { return c == '/' || c == '\\'; };
  const auto after = std::find_if(url.rbegin(), url.rend(), is_slash).base();
  return after == url.begin() ? std::string_view() : std::string_view(after, url.end());
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

/// `path`, or the first numbered one that is a directory or can become one.
std::string reserve_directory(NameTable& taken, const std::string& path) {
  std::string candidate = path;
  for (std::uint32_t number = kFirstNumber;; ++number) {
    const std::uint64_t key = key_of(candidate);
    if (taken.add(key, NameTable::kDirectory)) return candidate;
    if (taken.number_of(key) == NameTable::kDirectory) return candidate;
    candidate = numbered(path, number);
  }
}

/// `name` with directories that are there or can be made.
std::string behind_directories(NameTable& taken, std::string_view name) {
  std::string path;
  for (std::size_t slash = name.find('/'); slash != std::string_view::npos;
       slash = name.find('/')) {
    path = reserve_directory(taken, path.append(name.substr(0, slash))) + "/";
    name.remove_prefix(slash + 1);
  }
  return path.append(name);
}

}  // namespace

std::string file_name_for(std::string_view url) {
  const std::string_view segment = last_segment(url);
  const bool is_encoded = segment.find('%') != std::string_view::npos;
  auto name =
      proto::safe_file_name(is_encoded ? proto::percent_decode(segment) : std::string(segment));
  return name ? *std::move(name) : std::string(kUnnamed);
}

bool is_inner_path(std::string_view path) noexcept {
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    const bool is_outside = part.empty() || part == "." || part == "..";
    const bool is_odd = std::any_of(part.begin(), part.end(), ascii::is_control) ||
                        part.find('\\') != std::string_view::npos;
    if (is_outside || is_odd) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

const char* leaf_of(const std::string& path) noexcept {
  return path.c_str() + (path.rfind('/') + 1);  // npos + 1 is 0
}

std::string reserve_name(NameTable& taken, const std::string& wanted) {
  const bool is_deep = wanted.find('/') != std::string::npos;
  std::string name = is_deep ? behind_directories(taken, wanted) : wanted;
  const std::uint64_t key = key_of(name);
  if (taken.add(key, kFirstNumber)) return name;
  const std::uint32_t next = taken.number_of(key);
  std::uint32_t number = std::max(next, kFirstNumber);
  std::string candidate = numbered(name, number);
  while (!taken.add(key_of(candidate), kFirstNumber)) candidate = numbered(name, ++number);
  if (next != NameTable::kDirectory) taken.set_number(key, number + 1);
  return candidate;
}

}  // namespace rondo::cli
