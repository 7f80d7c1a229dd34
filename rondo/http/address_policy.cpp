// The words tell which of the two policies it was: one is about the network, the other the user's.

#include "rondo/http/address_policy.hpp"

#include <fmt/format.h>

#include <string>

#include "rondo/net/address_class.hpp"

namespace rondo::http {

using net::SocketAddress;

std::vector<SocketAddress> allowed_addresses(std::vector<SocketAddress> addresses,
                                             std::string_view host, bool deny_private,
                                             const AddressPolicy& policy) {
  if (!deny_private && !policy) return addresses;
  std::string denied;
  std::erase_if(addresses, [&](const SocketAddress& address) {
    if (deny_private && !net::is_public(address)) {
      denied = fmt::format("{} is not public: {}, {}", host, address.ip_string(),
                           describe(net::classify(address)));
      return true;
    }
    if (policy && !policy(host, address)) {
      denied = fmt::format("the address policy forbids {} ({})", address.ip_string(), host);
      return true;
    }
    return false;
  });
  if (addresses.empty() && !denied.empty()) throw DeniedAddress(denied);
  return addresses;
}

}  // namespace rondo::http
