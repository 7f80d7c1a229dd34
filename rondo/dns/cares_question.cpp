// c-ares calls back from C: nothing may be thrown there, so the answer is kept as a status, and
// becomes an exception in the task that waits.

#include "rondo/dns/cares_question.hpp"

#include <ares.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>

#include "rondo/dns/local_names.hpp"

namespace rondo::dns::detail {
namespace {

using Kind = ResolveError::Kind;

/// How long all of it may be kept: the addresses, and the aliases on the way to them.
std::chrono::seconds shortest_ttl(const ares_addrinfo& answer) noexcept {
  int ttl = std::numeric_limits<int>::max();
  for (const auto* node = answer.nodes; node != nullptr; node = node->ai_next) {
    ttl = std::min(ttl, node->ai_ttl);
  }
  for (const auto* alias = answer.cnames; alias != nullptr; alias = alias->next) {
    ttl = std::min(ttl, alias->ttl);
  }
  return std::chrono::seconds(std::max(ttl, 0));
}

Resolution to_resolution(const ares_addrinfo& answer) {
  Resolution resolution{{}, shortest_ttl(answer)};
  for (const auto* node = answer.nodes; node != nullptr; node = node->ai_next) {
    resolution.addresses.push_back(
        net::SocketAddress::from_system(node->ai_addr, node->ai_addrlen));
  }
  return resolution;
}

Kind kind_of(int status) noexcept {
  switch (status) {
    case ARES_ENOTFOUND:
    case ARES_ENONAME:
      return Kind::not_found;
    case ARES_EBADNAME:
      return Kind::bad_name;
    case ARES_ETIMEOUT:
      return Kind::timed_out;
    case ARES_ESERVFAIL:
    case ARES_EFORMERR:
    case ARES_ENOTIMP:
    case ARES_EBADRESP:
      return Kind::server_failure;
    case ARES_EREFUSED:
      return Kind::refused;
    case ARES_ECONNREFUSED:
      return Kind::unreachable;
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION:
      return Kind::closed;
    default:
      return Kind::internal;
  }
}

std::string words_of(Kind kind, int status) {
  switch (kind) {
    case Kind::not_found:
      return "there is no such name";
    case Kind::bad_name:
      return "this is not a host name";
    case Kind::timed_out:
      return "no DNS server answered in time";
    case Kind::server_failure:
      return fmt::format("the DNS server failed ({})", ::ares_strerror(status));
    case Kind::refused:
      return "the DNS server refuses to answer";
    case Kind::unreachable:
      return "no DNS server could be reached, or none gave an answer";
    case Kind::closed:
      return "the resolver was closed";
    default:
      return ::ares_strerror(status);
  }
}

}  // namespace

void CaresQuestion::end(int status, const ares_addrinfo* answer) noexcept {
  status_ = status;
  has_ended_ = true;
  if (status == ARES_SUCCESS && answer != nullptr) {
    try {
      resolution_ = to_resolution(*answer);
    } catch (...) {
      status_ = ARES_ENOMEM;
    }
  }
  ended.wake_all();
}

Resolution CaresQuestion::take_result() {
  const bool has_nothing = status_ == ARES_SUCCESS && resolution_.addresses.empty();
  if (has_nothing || status_ == ARES_ENODATA) throw no_address(host_, family_);
  if (status_ == ARES_SUCCESS) return std::move(resolution_);
  const Kind kind = kind_of(status_);
  throw ResolveError(kind, host_, words_of(kind, status_));
}

}  // namespace rondo::dns::detail
