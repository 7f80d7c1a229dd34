// The members are compared one by one: `enable_shared_from_this` has no meaning of its own.

#include "rondo/http/detour.hpp"

namespace rondo::http {

bool are_equal(const Detour* a, const Detour* b) noexcept {
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  return a->proxy == b->proxy && a->is_absolute == b->is_absolute && a->tls == b->tls &&
         a->server_hostname == b->server_hostname;
}

}  // namespace rondo::http
