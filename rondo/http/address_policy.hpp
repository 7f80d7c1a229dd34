#pragma once
// Which addresses a session may connect to.

#include <functional>
#include <string_view>
#include <vector>

#include "rondo/base/error.hpp"
#include "rondo/net/address.hpp"

namespace rondo::http {

/// Whether a connection to `address`, which `host` has been resolved to, is allowed. Asked for each
/// address before it is connected to, on every hop: the request's own host, those of redirects, and
/// proxies. Must not throw.
using AddressPolicy = std::function<bool(std::string_view host, const net::SocketAddress& address)>;

/// The address policy left no address to connect to.
class DeniedAddress : public Error {
 public:
  using Error::Error;
};

/// What a session's policies leave of `addresses`. Throws `DeniedAddress` when that is nothing.
[[nodiscard]] std::vector<net::SocketAddress> allowed_addresses(
    std::vector<net::SocketAddress> addresses, std::string_view host, bool deny_private,
    const AddressPolicy& policy);

}  // namespace rondo::http
