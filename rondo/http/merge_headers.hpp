#pragma once
// Fields that stand in for others of their name.

#include "rondo/proto/header_map.hpp"

namespace rondo::http {

/// Those of `defaults` whose names are not among `own`, and then `own`.
[[nodiscard]] proto::HeaderMap merge(const proto::HeaderMap& defaults, const proto::HeaderMap& own);

}  // namespace rondo::http
