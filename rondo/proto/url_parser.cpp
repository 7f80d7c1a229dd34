// The standard's state machine, with each state a function that eats what it knows from the front
// of the input and hands on to the next state. The URL is written straight into its final string:
// its parts come in the order in which they are read, and what is taken from the base comes first.

#include "rondo/proto/url_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/ascii_set.hpp"
#include "rondo/proto/percent.hpp"
#include "rondo/proto/url_host.hpp"
#include "rondo/proto/url_path.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

constexpr AsciiSet kPathEnd("?#");

constexpr bool is_scheme_character(char c) noexcept {
  return ascii::is_alnum(c) || c == '+' || c == '-' || c == '.';
}

constexpr bool is_tab_or_newline(char c) noexcept {
  return c == '\t' || c == '\n' || c == '\r';
}

std::string_view trim_controls_and_spaces(std::string_view text) noexcept {
  const auto is_trimmed = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_trimmed(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_trimmed(text.back())) text.remove_suffix(1);
  return text;
}

class UrlParser {
 public:
  UrlParser(std::string_view input, const UrlRecord* base) : rest_(input), base_(base) {
    // Room for the slashes that are added, and for a few characters that grow by encoding.
    constexpr std::size_t kSlack = 16;
    url_.href.reserve(input.size() + kSlack);
  }

  Result<UrlRecord, UrlError> run() {
    const Failed failed = take_scheme() ? after_scheme() : without_scheme();
    if (failed) return Failure{*failed};
    return std::move(url_);
  }

 private:
  using Failed = std::optional<UrlError>;

  bool take_scheme();
  Failed after_scheme();
  Failed without_scheme();
  Failed relative();
  Failed relative_slash();
  Failed file();
  Failed file_slash();
  Failed file_host();
  Failed authority_behind_slashes();
  Failed authority();
  Failed host_and_port(std::string_view text);
  Failed path_start();
  Failed path();
  Failed opaque_path();
  Failed query_and_fragment();

  void copy_authority_of_base();
  void begin_file_without_host();
  void write_credentials(std::string_view userinfo);

  [[nodiscard]] bool special() const noexcept { return is_special(url_.scheme_kind); }
  [[nodiscard]] bool at_slash() const noexcept {
    return rest_.starts_with('/') || (special() && rest_.starts_with('\\'));
  }
  [[nodiscard]] bool at_end_of_path() const noexcept {
    return rest_.empty() || rest_[0] == '?' || rest_[0] == '#';
  }
  [[nodiscard]] bool base_is_file() const noexcept {
    return base_ != nullptr && base_->scheme_kind == SchemeKind::file;
  }
  std::string_view take(std::size_t size) noexcept {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  PathWriter path_writer() noexcept { return {url_.href, url_.path_begin, url_.scheme_kind}; }

  std::string_view rest_;
  const UrlRecord* base_;
  UrlRecord url_;
};

/// Scheme start state and scheme state: eats "scheme:", or nothing.
bool UrlParser::take_scheme() {
  if (rest_.empty() || !ascii::is_alpha(rest_[0])) return false;
  const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_scheme_character);
  if (end == rest_.end() || *end != ':') return false;
  for (const char c : take(static_cast<std::size_t>(end - rest_.begin()))) {
    url_.href += ascii::to_lower(c);
  }
  rest_.remove_prefix(1);
  url_.scheme_end = url_.href.size();
  url_.scheme_kind = scheme_kind(url_.href);
  url_.href += ':';
  url_.username_end = url_.host_begin = url_.host_end = url_.path_begin = url_.href.size();
  return true;
}

UrlParser::Failed UrlParser::after_scheme() {
  if (url_.scheme_kind == SchemeKind::file) return file();
  if (special()) {
    const bool may_be_relative = base_ != nullptr && base_->scheme_kind == url_.scheme_kind;
    if (may_be_relative && !rest_.starts_with("//")) return relative();
    return authority_behind_slashes();
  }
  if (rest_.starts_with("//")) {
    take(2);
    return authority();
  }
  if (!rest_.starts_with('/')) return opaque_path();
  take(1);
  return path();
}

UrlParser::Failed UrlParser::without_scheme() {
  if (base_ == nullptr) return UrlError::missing_scheme;
  if (base_->opaque_path) {
    if (!rest_.starts_with('#')) return UrlError::opaque_base;
    url_ = *base_;
    url_.href.resize(url_.query_end());
    return query_and_fragment();
  }
  url_.scheme_kind = base_->scheme_kind;
  return base_is_file() ? file() : relative();
}

UrlParser::Failed UrlParser::relative() {
  if (at_slash()) {
    take(1);
    return relative_slash();
  }
  copy_authority_of_base();
  url_.href += base_->path();
  if (!at_end_of_path()) {
    path_writer().shorten();
    return path();
  }
  guard_path(url_);
  const auto query = base_->query();
  if (query && !rest_.starts_with('?')) {
    url_.query_begin = url_.href.size();
    (url_.href += '?') += *query;
  }
  return query_and_fragment();
}

UrlParser::Failed UrlParser::relative_slash() {
  if (!at_slash()) {
    copy_authority_of_base();
    return path();
  }
  url_.href.assign(base_->scheme()) += ':';
  url_.scheme_end = base_->scheme_end;
  if (special()) return authority_behind_slashes();
  take(1);
  return authority();
}

UrlParser::Failed UrlParser::file() {
  if (at_slash()) {
    take(1);
    return file_slash();
  }
  if (!base_is_file()) {
    begin_file_without_host();
    return path();
  }
  // A drive letter is a path of its own; all else is relative to the base.
  if (at_end_of_path() || !starts_with_drive_letter(rest_)) return relative();
  copy_authority_of_base();
  return path();
}

UrlParser::Failed UrlParser::file_slash() {
  if (at_slash()) {
    take(1);
    return file_host();
  }
  if (!base_is_file()) {
    begin_file_without_host();
    return path();
  }
  copy_authority_of_base();
  if (!starts_with_drive_letter(rest_)) {
    const std::string_view drive = leading_drive_letter(base_->path());
    if (!drive.empty()) (url_.href += '/') += drive;
  }
  return path();
}

UrlParser::Failed UrlParser::file_host() {
  begin_file_without_host();
  const std::string_view host = rest_.substr(0, kFileHostEnd.find_in(rest_));
  if (is_drive_letter(host)) return path();
  take(host.size());
  if (!host.empty()) {
    const auto kind = append_host(host, true, url_.href);
    if (!kind) return kind.error();
    url_.host_end = url_.path_begin = url_.href.size();
    url_.host_kind = *kind;
    if (url_.host() == "localhost") begin_file_without_host();
  }
  return path_start();
}

/// The special authority states, in which any number of slashes counts as two.
UrlParser::Failed UrlParser::authority_behind_slashes() {
  while (at_slash()) take(1);
  return authority();
}

UrlParser::Failed UrlParser::authority() {
  std::string_view text = take(leading_authority(rest_, url_.scheme_kind).size());
  url_.href += "//";
  const std::size_t at = text.rfind('@');
  url_.username_end = url_.href.size();
  if (at != std::string_view::npos) {
    if (at + 1 == text.size()) return UrlError::host_missing;
    write_credentials(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  url_.host_begin = url_.href.size();
  if (const Failed failed = host_and_port(text)) return failed;
  return path_start();
}

void UrlParser::write_credentials(std::string_view userinfo) {
  const std::size_t begin = url_.href.size();
  const std::size_t colon = userinfo.find(':');
  percent_encode(userinfo.substr(0, colon), PercentSet::userinfo, url_.href);
  url_.username_end = url_.href.size();
  if (colon != std::string_view::npos && colon + 1 < userinfo.size()) {
    url_.href += ':';
    percent_encode(userinfo.substr(colon + 1), PercentSet::userinfo, url_.href);
  }
  if (url_.href.size() != begin) url_.href += '@';
}

UrlParser::Failed UrlParser::host_and_port(std::string_view text) {
  const std::size_t colon = find_port_colon(text);
  const std::string_view host = text.substr(0, colon);
  if (host.empty() && (special() || colon != std::string_view::npos)) return UrlError::host_missing;
  const auto kind = append_host(host, special(), url_.href);
  if (!kind) return kind.error();
  url_.host_kind = *kind;
  url_.host_end = url_.href.size();
  if (colon != std::string_view::npos) {
    const auto port = parse_port(text.substr(colon + 1), url_.scheme_kind);
    if (!port) return port.error();
    url_.port = *port;
    if (url_.port) (url_.href += ':') += std::to_string(*url_.port);
  }
  url_.path_begin = url_.href.size();
  return {};
}

UrlParser::Failed UrlParser::path_start() {
  if (!special() && at_end_of_path()) return query_and_fragment();
  if (at_slash()) take(1);
  return path();
}

UrlParser::Failed UrlParser::path() {
  path_writer().append(take(kPathEnd.find_in(rest_)));
  guard_path(url_);
  return query_and_fragment();
}

UrlParser::Failed UrlParser::opaque_path() {
  url_.opaque_path = true;
  std::string_view text = take(kPathEnd.find_in(rest_));
  // A space at the very end of the path would be trimmed once the rest is taken off the URL.
  const bool ends_in_space = text.ends_with(' ');
  if (ends_in_space) text.remove_suffix(1);
  percent_encode(text, PercentSet::c0_control, url_.href);
  if (ends_in_space) url_.href += "%20";
  return query_and_fragment();
}

UrlParser::Failed UrlParser::query_and_fragment() {
  if (rest_.starts_with('?')) {
    url_.query_begin = url_.href.size();
    url_.href += take(1);
    percent_encode(take(rest_.find('#')), special() ? PercentSet::special_query : PercentSet::query,
                   url_.href);
  }
  if (rest_.starts_with('#')) {
    url_.fragment_begin = url_.href.size();
    url_.href += take(1);
    percent_encode(rest_, PercentSet::fragment, url_.href);
  }
  return {};
}

void UrlParser::copy_authority_of_base() {
  url_.href.reserve(base_->path_end() + rest_.size() + 16);
  url_.href.assign(base_->href, 0, base_->authority_end());
  url_.scheme_end = base_->scheme_end;
  url_.username_end = base_->username_end;
  url_.host_begin = base_->host_begin;
  url_.host_end = base_->host_end;
  url_.host_kind = base_->host_kind;
  url_.port = base_->port;
  url_.path_begin = url_.href.size();
}

void UrlParser::begin_file_without_host() {
  constexpr std::string_view kStart = "file://";
  url_.href = kStart;
  url_.scheme_end = kStart.find(':');
  url_.host_kind = HostKind::empty;
  url_.username_end = url_.host_begin = url_.host_end = url_.path_begin = kStart.size();
}

}  // namespace

Result<UrlRecord, UrlError> parse_url(std::string_view input, const UrlRecord* base) {
  std::string storage;
  return UrlParser(clean_url_input(trim_controls_and_spaces(input), storage), base).run();
}

std::string_view clean_url_input(std::string_view input, std::string& storage) {
  const auto is_suspicious = [](char c) { return !ascii::is_ascii(c) || is_tab_or_newline(c); };
  if (std::none_of(input.begin(), input.end(), is_suspicious)) return input;
  storage = input;
  storage.erase(std::remove_if(storage.begin(), storage.end(), is_tab_or_newline), storage.end());
  storage = to_valid_utf8(std::move(storage));
  return storage;
}

std::string_view leading_authority(std::string_view text, SchemeKind scheme) noexcept {
  constexpr AsciiSet kEnd("/?#");
  constexpr AsciiSet kSpecialEnd("/?#\\");
  return text.substr(0, (is_special(scheme) ? kSpecialEnd : kEnd).find_in(text));
}

std::size_t find_port_colon(std::string_view host_and_port) noexcept {
  bool in_brackets = false;
  for (std::size_t i = 0; i < host_and_port.size(); ++i) {
    const char c = host_and_port[i];
    if (c == '[') in_brackets = true;
    if (c == ']') in_brackets = false;
    if (c == ':' && !in_brackets) return i;
  }
  return std::string_view::npos;
}

Result<std::optional<std::uint16_t>, UrlError> parse_port(std::string_view digits,
                                                          SchemeKind scheme) {
  constexpr unsigned kMaxPort = 65535;
  unsigned value = 0;
  for (const char c : digits) {
    if (!ascii::is_digit(c)) return Failure{UrlError::port_invalid};
    value = std::min(value * 10 + static_cast<unsigned>(c - '0'), kMaxPort + 1);
  }
  if (value > kMaxPort) return Failure{UrlError::port_out_of_range};
  std::optional<std::uint16_t> port;
  if (!digits.empty()) port = static_cast<std::uint16_t>(value);
  if (port == default_port(scheme)) port.reset();
  return port;
}

}  // namespace rondo::proto
