// c-ares calls back from C: nothing may be thrown there, so the answer is kept as a status, and
// becomes an exception in the task that waits.

#include "rondo/dns/cares_question.hpp"

#include <ares.h>
#include <fmt/format.h>

#include <utility>

#include "rondo/dns/local_names.hpp"

namespace rondo::dns::detail {
namespace {

using Kind = ResolveError::Kind;

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

void CaresQuestion::end(int status, Resolution resolution) noexcept {
  status_ = status;
  resolution_ = std::move(resolution);
  has_ended_ = true;
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
