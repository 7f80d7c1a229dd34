// The template becomes a list of parts once. For each name they are put together, and then the
// whole is cut at its slashes and made fit, part by part: so what a field brings cannot matter.

#include "cli/name_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

#include "rondo/proto/content_disposition.hpp"
#include "rondo/proto/digest.hpp"
#include "rondo/proto/file_name.hpp"
#include "rondo/proto/percent.hpp"
#include "rondo/proto/url.hpp"

#include "cli/file_name.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr std::array<std::string_view, 14> kFields = {"",      "scheme", "host",   "port",  "path",
                                                      "dir",   "file",   "stem",   "ext",   "query",
                                                      "index", "hash",   "status", "sha256"};
constexpr std::size_t kMaxDepth = 32;  // directories; what is below shares one name
constexpr std::uint32_t kMaxDigits = 20;
constexpr std::size_t kHashDigits = 16;

[[noreturn]] void refuse(const std::string& why) {
  throw UsageError("--name: " + why);
}

std::string fields_there_are() {
  std::string names;
  for (const std::string_view field : kFields) {
    if (!field.empty()) names += fmt::format("{}{{{}}}", names.empty() ? "" : ", ", field);
  }
  return names;
}

std::size_t dot_of(std::string_view name) noexcept {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

/// `text` in place of one part of a name: whatever slashes it has are none.
std::string flat(std::string_view text) {
  return proto::safe_file_name(text).value_or("");
}

/// Each part of a percent-encoded path made fit; empty ones go.
std::string fit_path(std::string_view path) {
  std::string fit;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string part = flat(proto::percent_decode(path.substr(0, slash)));
    if (!part.empty()) fit += (fit.empty() ? "" : "/") + part;
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return fit;
}

/// `raw` with every part made fit, at most `kMaxDepth` directories, and a file at its end.
std::string fit_name(std::string_view raw) {
  std::string name;
  std::size_t depth = 0;
  while (true) {
    const std::size_t slash = depth < kMaxDepth ? raw.find('/') : std::string_view::npos;
    std::string part = flat(raw.substr(0, slash));
    const bool is_last = slash == std::string_view::npos;
    if (is_last && part.empty()) part = kUnnamed;
    if (!part.empty()) {
      if (depth++ > 0) name += '/';
      name += part;
    }
    if (is_last) return name;
    raw.remove_prefix(slash + 1);
  }
}

}  // namespace

NameTemplate::NameTemplate(std::string_view text, bool from_header) : from_header_(from_header) {
  if (text.empty()) refuse("a template is needed");
  if (text.front() == '/') refuse("a name cannot begin with a slash");
  while (!text.empty()) {
    const bool is_field = text.front() == '{' && !text.starts_with("{{");
    is_field ? take_field(text) : take_text(text);
  }
  require_inside();
  needs_answer_ = std::any_of(parts_.begin(), parts_.end(),
                              [this](const Part& part) { return is_of_answer(part.field); });
}

void NameTemplate::require_inside() const {
  std::string framed = "/";
  for (const Part& part : parts_) framed += part.field == Field::text ? part.text : "x";
  framed += '/';
  if (framed.find("/../") == std::string::npos && framed.find("/./") == std::string::npos) return;
  refuse("a name stays in the output directory: it cannot have '.' and '..' among its parts");
}

bool NameTemplate::is_of_answer(Field field) const noexcept {
  switch (field) {
    case Field::status:
    case Field::sha256:
      return true;
    case Field::file:
    case Field::stem:
    case Field::ext:
      return from_header_;
    default:
      return false;
  }
}

void NameTemplate::take_text(std::string_view& rest) {
  Part part;
  while (!rest.empty()) {
    const bool is_doubled = rest.starts_with("{{") || rest.starts_with("}}");
    if (!is_doubled && rest.front() == '{') break;
    if (!is_doubled && rest.front() == '}')
      refuse("there is a '}' without '{'; '}}' stands for one");
    part.text += rest.front();
    rest.remove_prefix(is_doubled ? 2 : 1);
  }
  if (printable(part.text) != part.text || part.text.find('\\') != std::string::npos) {
    refuse("a name cannot have backslashes and control characters in it");
  }
  parts_.push_back(std::move(part));
}

void NameTemplate::take_field(std::string_view& rest) {
  const std::size_t end = rest.find('}');
  if (end == std::string_view::npos) refuse("there is a '{' without '}'; '{{' stands for one");
  std::string_view name = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  Part part;
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    const std::string_view digits = name.substr(colon + 1);
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), part.digits);
    const bool is_number = error == std::errc() && stop == digits.data() + digits.size();
    name = name.substr(0, colon);
    if (name != "index" || !is_number || part.digits > kMaxDigits) {
      refuse("only {index:N} has a width, of at most 20");
    }
  }
  part.field = field_named(name);
  parts_.push_back(std::move(part));
}

NameTemplate::Field NameTemplate::field_named(std::string_view name) {
  const auto found = std::find(kFields.begin(), kFields.end(), name);
  if (name.empty() || found == kFields.end()) {
    refuse(
        fmt::format("there is no field {{{}}}; there are {}", printable(name), fields_there_are()));
  }
  return static_cast<Field>(found - kFields.begin());
}

std::string NameTemplate::name_of(const NameFacts& facts) const {
  std::string raw;
  for (const Part& part : parts_) raw += value_of(part, facts);
  return fit_name(raw);
}

std::string NameTemplate::file_of(const NameFacts& facts) const {
  if (from_header_ && !facts.disposition.empty()) {
    const auto disposition = proto::ContentDisposition::parse(facts.disposition);
    if (disposition) {
      if (auto name = disposition->safe_filename()) return *std::move(name);
    }
  }
  return file_name_for(facts.url);
}

std::string NameTemplate::value_of(const Part& part, const NameFacts& facts) const {
  switch (part.field) {
    case Field::text:
      return part.text;
    case Field::file:
      return file_of(facts);
    case Field::stem: {
      const std::string file = file_of(facts);
      return file.substr(0, dot_of(file));
    }
    case Field::ext: {
      const std::string file = file_of(facts);
      return file.substr(std::min(dot_of(file) + 1, file.size()));
    }
    case Field::index:
      return fmt::format("{:0{}}", facts.index, part.digits);
    case Field::hash:
      return proto::sha256_hex(facts.url).substr(0, kHashDigits);
    case Field::status:
      return std::to_string(facts.status);
    case Field::sha256:
      return std::string(facts.sha256);
    default:
      return value_of_url(part.field, facts.url);
  }
}

std::string NameTemplate::value_of_url(Field field, std::string_view text) {
  const auto url = proto::Url::parse(text);
  if (!url) return {};  // it will not be fetched
  const std::string_view path = url->pathname();
  const std::size_t slash = std::min(path.rfind('/'), path.size());
  switch (field) {
    case Field::scheme:
      return std::string(url->scheme());
    case Field::host:
      return flat(url->hostname());
    case Field::port:
      return std::to_string(url->effective_port());
    case Field::dir:
      return fit_path(path.substr(0, slash));
    case Field::query:
      return flat(proto::percent_decode(url->search().substr(url->search().empty() ? 0 : 1)));
    default:  // the path
      break;
  }
  const std::string directory = fit_path(path.substr(0, slash));
  return directory + (directory.empty() ? "" : "/") + file_name_for(text);
}

}  // namespace rondo::cli
