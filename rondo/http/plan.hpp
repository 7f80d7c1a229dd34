#pragma once
// From a request and the session's defaults to the bytes that are sent. Nothing here waits.

#include <optional>
#include <string>
#include <string_view>

#include "rondo/http/hop.hpp"
#include "rondo/http/request.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::http {

/// Makes a request of what the caller said. Throws `InvalidURL`, `NonHttpUrlError` and
/// `InvalidRequest`.
[[nodiscard]] Request make_request(std::string_view method, std::string_view url,
                                   const RequestOptions& options, const ClientTimeout& defaults);

/// The next hop of `request`: its head with the session's `defaults` where it says nothing else,
/// credentials of the URL as Basic authentication, and `cookies` (the value of a Cookie field, or
/// empty). The hop refers to the request. Throws `InvalidRequest` when it cannot be sent as it is.
[[nodiscard]] Hop plan_hop(const Request& request, const proto::HeaderMap& defaults,
                           std::string_view cookies);

/// Whether a request with that method may be sent twice (RFC 9110 §9.2.2).
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

}  // namespace rondo::http
