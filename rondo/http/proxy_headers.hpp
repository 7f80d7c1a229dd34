#pragma once
// Fields that a user has for a proxy.

#include <optional>
#include <string>

#include "rondo/proto/header_map.hpp"

namespace rondo::http {

/// What keeps `fields` from being sent to a proxy, in words without any value; nothing if nothing
/// does.
[[nodiscard]] std::optional<std::string> find_proxy_header_fault(const proto::HeaderMap& fields);

}  // namespace rondo::http
