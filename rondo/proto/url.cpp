// Attributes are slices of one string; everything that changes it goes through the parser or the
// setters, which keep the marks right.

#include "rondo/proto/url.hpp"

#include "rondo/proto/query.hpp"
#include "rondo/proto/url_parser.hpp"
#include "rondo/proto/url_plain.hpp"
#include "rondo/proto/url_setters.hpp"

namespace rondo::proto {
namespace {

/// Schemes whose origin is their scheme, host and port (URL Standard §4.7).
constexpr bool has_tuple_origin(SchemeKind kind) noexcept {
  return is_special(kind) && kind != SchemeKind::file;
}

constexpr std::string_view kOpaqueOrigin = "null";

/// A lone delimiter counts as nothing.
std::string_view unless_bare(std::string_view text) noexcept {
  return text.size() > 1 ? text : std::string_view();
}

}  // namespace

Result<Url, UrlError> Url::parse(std::string_view input, const Url* base) {
  // An absolute URL is the same whatever the base.
  if (UrlRecord plain; parse_plain_url(input, plain)) return Url(std::move(plain));
  auto record = parse_url(input, base != nullptr ? &base->record_ : nullptr);
  if (!record) return Failure{record.error()};
  return Url(std::move(record).value());
}

std::string Url::origin() const {
  if (has_tuple_origin(scheme_kind())) {
    std::string text(protocol());
    return (text += "//") += host();
  }
  // A blob's origin is that of the URL it holds.
  if (scheme() == "blob") {
    const auto inner = parse(pathname());
    if (inner &&
        (inner->scheme_kind() == SchemeKind::http || inner->scheme_kind() == SchemeKind::https)) {
      return inner->origin();
    }
  }
  return std::string(kOpaqueOrigin);
}

std::string_view Url::protocol() const noexcept {
  return href().substr(0, record_.scheme_end + 1);
}

std::string_view Url::port() const noexcept {
  if (!record_.port) return {};
  return host().substr(hostname().size() + 1);
}

std::string_view Url::search() const noexcept {
  if (record_.query_begin == UrlRecord::kAbsent) return {};
  return unless_bare(href().substr(record_.query_begin, record_.query_end() - record_.query_begin));
}

std::string_view Url::hash() const noexcept {
  if (record_.fragment_begin == UrlRecord::kAbsent) return {};
  return unless_bare(href().substr(record_.fragment_begin));
}

std::optional<UrlError> Url::set_href(std::string_view value) {
  // Who asks for the same again and again, with memory that goes round, need not have it parsed.
  const bool is_http = scheme_kind() == SchemeKind::http || scheme_kind() == SchemeKind::https;
  if (is_http && !value.empty() && value == href()) return std::nullopt;
  if (parse_plain_url(value, record_)) return std::nullopt;
  auto parsed = parse(value);
  if (!parsed) return parsed.error();
  *this = std::move(parsed).value();
  return std::nullopt;
}

bool Url::set_protocol(std::string_view value) {
  return set_url_protocol(record_, value);
}

bool Url::set_username(std::string_view value) {
  return set_url_username(record_, value);
}

bool Url::set_password(std::string_view value) {
  return set_url_password(record_, value);
}

bool Url::set_host(std::string_view value) {
  return set_url_host(record_, value, HostSetter::host_and_port);
}

bool Url::set_hostname(std::string_view value) {
  return set_url_host(record_, value, HostSetter::hostname_only);
}

bool Url::set_port(std::string_view value) {
  return set_url_port(record_, value);
}

bool Url::set_pathname(std::string_view value) {
  return set_url_pathname(record_, value);
}

bool Url::set_search(std::string_view value) {
  return set_url_search(record_, value);
}

bool Url::set_hash(std::string_view value) {
  return set_url_hash(record_, value);
}

std::optional<UrlError> Url::set(std::string_view attribute, std::string_view value) {
  struct Setter {
    std::string_view attribute;
    bool (Url::*set)(std::string_view);
  };
  static constexpr Setter kSetters[] = {
      {"protocol", &Url::set_protocol}, {"username", &Url::set_username},
      {"password", &Url::set_password}, {"host", &Url::set_host},
      {"hostname", &Url::set_hostname}, {"port", &Url::set_port},
      {"pathname", &Url::set_pathname}, {"search", &Url::set_search},
      {"hash", &Url::set_hash}};
  if (attribute == "href") return set_href(value);
  if (attribute == "origin") return UrlError::read_only_attribute;
  for (const Setter& setter : kSetters) {
    if (setter.attribute != attribute) continue;
    (this->*setter.set)(value);
    return std::nullopt;
  }
  return UrlError::unknown_attribute;
}

std::string_view Url::host_for_connect() const noexcept {
  const std::string_view name = hostname();
  return host_kind() == HostKind::ipv6 ? name.substr(1, name.size() - 2) : name;
}

std::uint16_t Url::effective_port() const noexcept {
  return record_.port.value_or(default_port(scheme_kind()).value_or(0));
}

std::string_view Url::request_target() const noexcept {
  return href().substr(record_.path_begin, record_.query_end() - record_.path_begin);
}

std::string Url::without_credentials() const {
  if (!has_credentials()) return std::string(href());
  UrlParts parts = record_.parts();
  parts.username = parts.password = {};
  return assemble(parts).href;
}

bool Url::same_origin(const Url& other) const {
  if (has_tuple_origin(scheme_kind()) && has_tuple_origin(other.scheme_kind())) {
    return scheme_kind() == other.scheme_kind() && host() == other.host();
  }
  const std::string mine = origin();
  return mine != kOpaqueOrigin && mine == other.origin();
}

Url Url::with_query(const Fields& fields) const {
  if (fields.empty()) return *this;
  UrlParts parts = record_.parts();
  std::string query(parts.query.value_or(""));
  if (!query.empty()) query += '&';
  append_form_urlencoded(fields, query);
  parts.query = query;
  return Url(assemble(parts));
}

}  // namespace rondo::proto
