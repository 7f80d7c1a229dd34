#pragma once
// Connecting to a host that has several addresses (RFC 8305).

#include <chrono>
#include <memory>
#include <type_traits>
#include <vector>

#include "rondo/net/address.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/net/dialer.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::net {

struct HappyEyeballsOptions {
  /// An attempt gets this much of a head start over the next one (RFC 8305 §5: 250 ms advised, 10
  /// ms at least). Less than 10 ms counts as 10 ms.
  Clock::duration attempt_delay = std::chrono::milliseconds(250);
};
static_assert(std::is_trivially_destructible_v<HappyEyeballsOptions>);

/// The order in which to try: the families in turns, beginning with that of the first address, each
/// in its own order (RFC 8305 §4).
[[nodiscard]] std::vector<SocketAddress> interleave_families(
    const std::vector<SocketAddress>& addresses);

/// Connects to whichever of `addresses` answers first, trying them in interleaved order. The next
/// attempt starts when the last one has had its head start, or as soon as one fails. The first
/// success wins; the other attempts are cancelled and closed before the task ends. Cancelling
/// closes all. `dialer` outlives the task. Throws `ConnectError` when all have failed, or there was
/// nothing to try.
[[nodiscard]] Task<std::unique_ptr<ByteStream>> connect_to_any(std::vector<SocketAddress> addresses,
                                                               Dialer& dialer,
                                                               HappyEyeballsOptions options = {});

}  // namespace rondo::net
