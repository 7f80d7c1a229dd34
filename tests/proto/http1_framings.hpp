#pragma once
// The ways in which a body says where it ends.

#include <cstdint>

#include "rondo/proto/http1_framing.hpp"

namespace rondo::proto::testing {

inline constexpr BodyFraming kChunked{BodyKind::chunked, 0};

inline BodyFraming length(std::uint64_t bytes) {
  return {BodyKind::length, bytes};
}

}  // namespace rondo::proto::testing
