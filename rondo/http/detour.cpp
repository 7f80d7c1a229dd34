// The members are compared one by one: `enable_shared_from_this` has no meaning of its own.

#include "rondo/http/detour.hpp"

#include <algorithm>

namespace rondo::http {
namespace {

bool have_equal_fields(const proto::HeaderMap& a, const proto::HeaderMap& b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const proto::Field& left, const proto::Field& right) {
                      return left.name == right.name && left.value == right.value;
                    });
}

}  // namespace

bool are_equal(const Detour* a, const Detour* b) noexcept {
  if (a == b) return true;
  if (a == nullptr || b == nullptr) return false;
  return a->proxy == b->proxy && a->is_absolute == b->is_absolute && a->tls == b->tls &&
         a->server_hostname == b->server_hostname &&
         have_equal_fields(a->proxy_headers, b->proxy_headers);
}

}  // namespace rondo::http
