#pragma once
// URLs as the WHATWG URL Standard (url.spec.whatwg.org) parses and writes them.
//
//   const auto url = Url::parse("https://example.org/a?b#c");
//   if (!url) return describe(url.error());
//   connect(url->host_for_connect(), url->effective_port());
//   const auto next = Url::parse(location, &*url);
//
// A Url is a value: one string and the places where its parts meet. There is no invalid one; one
// that was moved from may only be assigned to or destroyed. Different objects may be used by
// different threads, and one object by any number of threads that only read it. Every string_view
// it returns lives until the Url is changed, moved or destroyed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/base/result.hpp"
#include "rondo/proto/fields.hpp"
#include "rondo/proto/url_error.hpp"
#include "rondo/proto/url_record.hpp"

namespace rondo::proto {

class Url {
 public:
  /// Parses `input`, which is relative to `base` if that is not null (URL Standard §4.4). Bytes
  /// that are not UTF-8 count as U+FFFD. A redirect's target is parsed with the URL it came from as
  /// base.
  [[nodiscard]] static Result<Url, UrlError> parse(std::string_view input,
                                                   const Url* base = nullptr);

  // The attributes of the URL API (§6.1), by its names.

  /// The whole URL. Parsing it again gives an equal Url, with an exception that the standard makes:
  /// `set_protocol("file")` keeps a host "localhost" and a path "/C|", which the parser would not.
  [[nodiscard]] std::string_view href() const noexcept { return record_.href; }
  /// "https://example.org:8080", or "null" for schemes that have no origin to compare.
  [[nodiscard]] std::string origin() const;
  /// With the colon: "https:".
  [[nodiscard]] std::string_view protocol() const noexcept;
  /// Percent-encoded, as `password` is.
  [[nodiscard]] std::string_view username() const noexcept { return record_.username(); }
  [[nodiscard]] std::string_view password() const noexcept { return record_.password(); }
  /// The host and, unless it is the scheme's default, the port.
  [[nodiscard]] std::string_view host() const noexcept { return record_.host_and_port(); }
  /// An IPv6 address is in brackets.
  [[nodiscard]] std::string_view hostname() const noexcept { return record_.host(); }
  /// In digits; empty for the scheme's default.
  [[nodiscard]] std::string_view port() const noexcept;
  [[nodiscard]] std::string_view pathname() const noexcept { return record_.path(); }
  /// With the '?', or empty if nothing follows it.
  [[nodiscard]] std::string_view search() const noexcept;
  /// With the '#', or empty if nothing follows it.
  [[nodiscard]] std::string_view hash() const noexcept;

  // The setters of the URL API. Where the standard ignores a value, they return false and change
  // nothing; `set_host` takes the host of "host:port" even if it does not take the port.

  /// Replaces everything. An error leaves this Url as it was.
  [[nodiscard]] std::optional<UrlError> set_href(std::string_view value);
  bool set_protocol(std::string_view value);
  bool set_username(std::string_view value);
  bool set_password(std::string_view value);
  bool set_host(std::string_view value);
  bool set_hostname(std::string_view value);
  bool set_port(std::string_view value);
  bool set_pathname(std::string_view value);
  bool set_search(std::string_view value);
  bool set_hash(std::string_view value);

  /// The setter of the attribute that is called `attribute` ("href", "protocol", ...). An error if
  /// there is none, or if `value` is no URL for "href"; a value that a setter ignores is none.
  [[nodiscard]] std::optional<UrlError> set(std::string_view attribute, std::string_view value);

  // What a client needs to send a request.

  /// Without the colon: "https".
  [[nodiscard]] std::string_view scheme() const noexcept { return record_.scheme(); }
  [[nodiscard]] SchemeKind scheme_kind() const noexcept { return record_.scheme_kind; }
  [[nodiscard]] HostKind host_kind() const noexcept { return record_.host_kind; }
  /// The host as a resolver wants it: an IPv6 address without its brackets.
  [[nodiscard]] std::string_view host_for_connect() const noexcept;
  /// The port, or the scheme's default; 0 if there is neither.
  [[nodiscard]] std::uint16_t effective_port() const noexcept;
  /// Path and query, without the fragment: the origin form of a request target (RFC 9112 §3.2.1).
  [[nodiscard]] std::string_view request_target() const noexcept;
  /// What the Host field says: host, and port if it is not the default (RFC 9110 §7.2).
  [[nodiscard]] std::string_view authority() const noexcept { return host(); }
  [[nodiscard]] bool has_credentials() const noexcept { return record_.has_credentials(); }
  /// The URL for messages, logs and the Referer field: without user name and password.
  [[nodiscard]] std::string without_credentials() const;
  /// Same scheme, host and port. An origin that is "null" is the same as none, itself included.
  [[nodiscard]] bool same_origin(const Url& other) const;
  /// This URL with `fields` added to its query, form-urlencoded (see query.hpp).
  [[nodiscard]] Url with_query(const Fields& fields) const;

  /// Equal hrefs.
  friend bool operator==(const Url& a, const Url& b) noexcept { return a.href() == b.href(); }

 private:
  explicit Url(UrlRecord record) noexcept : record_(std::move(record)) {}

  UrlRecord record_;
};

}  // namespace rondo::proto
