#pragma once
// Two byte streams that are each other's peer, without a socket.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "rondo/net/byte_stream.hpp"

namespace rondo::testing {

struct MemoryStreamOptions {
  /// How many bytes fit in each direction; a write that does not fit waits for reads.
  std::size_t capacity = std::size_t{64} * 1024;

  /// A read gives at most this many bytes, however many there are; 1 tries every split point.
  std::size_t largest_read = static_cast<std::size_t>(-1);

  /// What `peer()` answers on both ends.
  std::string peer = "memory";
};

/// Makes two connected streams that behave as TCP does: what one end writes the other reads, in
/// order. `shut_down` and destruction end the peer's reading after what was written. Destroying an
/// end that has not read everything makes the peer's reads end with ECONNRESET instead; writing to
/// a destroyed end, or after `shut_down`, fails with EPIPE. Both ends belong to one loop and may be
/// made before it; an end may be destroyed after it. A wait ends through the loop, in its next
/// turn.
std::pair<std::unique_ptr<net::ByteStream>, std::unique_ptr<net::ByteStream>> memory_stream_pair(
    const MemoryStreamOptions& options = {});

}  // namespace rondo::testing
