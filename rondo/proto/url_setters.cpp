// A setter parses its value alone and puts the URL together again around it. What the standard
// calls the parser with a "state override" is here the parser's own piece for that part of a URL.

#include "rondo/proto/url_setters.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/percent.hpp"
#include "rondo/proto/url_host.hpp"
#include "rondo/proto/url_parser.hpp"
#include "rondo/proto/url_path.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

std::string encoded_userinfo(std::string_view value) {
  std::string encoded;
  percent_encode(to_valid_utf8(std::string(value)), PercentSet::userinfo, encoded);
  return encoded;
}

/// `value` without one `mark` in front of it, percent-encoded.
std::string encoded_behind(char mark, std::string_view value, PercentSet set) {
  if (value.starts_with(mark)) value.remove_prefix(1);
  std::string storage;
  std::string encoded;
  percent_encode(clean_url_input(value, storage), set, encoded);
  return encoded;
}

/// A scheme may not be given to a URL that could not have been parsed with it.
bool may_change_scheme(const UrlRecord& url, SchemeKind to) noexcept {
  if (is_special(url.scheme_kind) != is_special(to)) return false;
  if (to == SchemeKind::file && (url.has_credentials() || url.port)) return false;
  return url.scheme_kind != SchemeKind::file || url.host_kind != HostKind::empty;
}

struct ParsedHost {
  HostKind kind = HostKind::empty;
  std::string text;
};

std::optional<ParsedHost> parse_host(std::string_view text, bool special) {
  ParsedHost host;
  const auto kind = append_host(text, special, host.text);
  if (!kind) return std::nullopt;
  host.kind = *kind;
  return host;
}

bool replace_host(UrlRecord& url, const ParsedHost& host) {
  UrlParts parts = url.parts();
  parts.host_kind = host.kind;
  parts.host = host.text;
  url = assemble(parts);
  return true;
}

bool set_file_host(UrlRecord& url, std::string_view text) {
  text = text.substr(0, kFileHostEnd.find_in(text));
  if (text.empty()) return replace_host(url, {});
  auto host = parse_host(text, true);
  if (!host) return false;
  if (host->text == "localhost") *host = {};
  return replace_host(url, *host);
}

/// Port state with an override: what stands behind the digits is ignored.
bool set_port_from(UrlRecord& url, std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), ascii::is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  if (digits.empty()) return false;
  const auto port = parse_port(digits, url.scheme_kind);
  if (!port) return false;
  UrlParts parts = url.parts();
  parts.port = *port;
  url = assemble(parts);
  return true;
}

}  // namespace

bool set_url_protocol(UrlRecord& url, std::string_view value) {
  std::string storage;
  value = clean_url_input(value, storage);
  const std::string scheme = ascii::lowered(value.substr(0, value.find(':')));
  const auto is_allowed = [](char c) {
    return ascii::is_alnum(c) || c == '+' || c == '-' || c == '.';
  };
  if (scheme.empty() || !ascii::is_alpha(scheme[0])) return false;
  if (!std::all_of(scheme.begin(), scheme.end(), is_allowed)) return false;
  const SchemeKind kind = scheme_kind(scheme);
  if (!may_change_scheme(url, kind)) return false;

  UrlParts parts = url.parts();
  parts.scheme = scheme;
  if (parts.port == default_port(kind)) parts.port.reset();
  url = assemble(parts);
  return true;
}

bool set_url_username(UrlRecord& url, std::string_view value) {
  if (!url.may_have_credentials_or_port()) return false;
  const std::string encoded = encoded_userinfo(value);
  UrlParts parts = url.parts();
  parts.username = encoded;
  url = assemble(parts);
  return true;
}

bool set_url_password(UrlRecord& url, std::string_view value) {
  if (!url.may_have_credentials_or_port()) return false;
  const std::string encoded = encoded_userinfo(value);
  UrlParts parts = url.parts();
  parts.password = encoded;
  url = assemble(parts);
  return true;
}

bool set_url_host(UrlRecord& url, std::string_view value, HostSetter setter) {
  if (url.opaque_path) return false;
  std::string storage;
  std::string_view text = clean_url_input(value, storage);
  if (url.scheme_kind == SchemeKind::file) return set_file_host(url, text);

  text = leading_authority(text, url.scheme_kind);
  const std::size_t colon = find_port_colon(text);
  const std::string_view name = text.substr(0, colon);
  if (colon != std::string_view::npos && (name.empty() || setter == HostSetter::hostname_only))
    return false;
  const bool special = is_special(url.scheme_kind);
  if (name.empty() && (special || url.has_credentials() || url.port)) return false;
  const auto host = parse_host(name, special);
  if (!host) return false;
  replace_host(url, *host);
  // The new host stays even if the port behind it is no good.
  if (colon != std::string_view::npos) set_port_from(url, text.substr(colon + 1));
  return true;
}

bool set_url_port(UrlRecord& url, std::string_view value) {
  if (!url.may_have_credentials_or_port()) return false;
  if (value.empty()) {
    UrlParts parts = url.parts();
    parts.port.reset();
    url = assemble(parts);
    return true;
  }
  std::string storage;
  return set_port_from(url, clean_url_input(value, storage));
}

bool set_url_pathname(UrlRecord& url, std::string_view value) {
  if (url.opaque_path) return false;
  std::string storage;
  std::string_view text = clean_url_input(value, storage);
  const bool special = is_special(url.scheme_kind);
  const bool has_slash = text.starts_with('/') || (special && text.starts_with('\\'));

  std::string path;
  if (special || !text.empty() || url.host_kind == HostKind::none) {
    PathWriter(path, 0, url.scheme_kind).append(text.substr(has_slash ? 1 : 0));
  }
  UrlParts parts = url.parts();
  parts.path = path;
  url = assemble(parts);
  return true;
}

bool set_url_search(UrlRecord& url, std::string_view value) {
  const PercentSet set =
      is_special(url.scheme_kind) ? PercentSet::special_query : PercentSet::query;
  const std::string encoded = encoded_behind('?', value, set);
  UrlParts parts = url.parts();
  parts.query.reset();
  if (!value.empty()) parts.query = encoded;
  url = assemble(parts);
  return true;
}

bool set_url_hash(UrlRecord& url, std::string_view value) {
  const std::string encoded = encoded_behind('#', value, PercentSet::fragment);
  UrlParts parts = url.parts();
  parts.fragment.reset();
  if (!value.empty()) parts.fragment = encoded;
  url = assemble(parts);
  return true;
}

}  // namespace rondo::proto
