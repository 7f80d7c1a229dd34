#pragma once
// Connecting to a host that has several addresses (RFC 8305).

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
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
  /// ms at least). Less than 10 ms counts as 10 ms. Nothing: an attempt starts when the one before
  /// has failed.
  std::optional<Clock::duration> attempt_delay = std::chrono::milliseconds(250);

  /// How many addresses of the first one's family come before one of the other, from where on the
  /// families take turns (RFC 8305 §8: First Address Family Count). 0: the order is kept as it is.
  std::size_t interleave = 1;
};
static_assert(std::is_trivially_destructible_v<HappyEyeballsOptions>);

/// The order in which to try: the families in turns, beginning with `first_count` addresses of that
/// of the first, each in its own order (RFC 8305 §4). 0: as they are.
[[nodiscard]] std::vector<SocketAddress> interleave_families(
    const std::vector<SocketAddress>& addresses, std::size_t first_count = 1);

/// Connects to whichever of `addresses` answers first, trying them in interleaved order. The next
/// attempt starts when the last one has had its head start, or as soon as one fails. The first
/// success wins; the other attempts are cancelled and closed before the task ends. Cancelling
/// closes all. `dialer` outlives the task. Throws `ConnectError` when all have failed, or there was
/// nothing to try.
[[nodiscard]] Task<std::unique_ptr<ByteStream>> connect_to_any(std::vector<SocketAddress> addresses,
                                                               Dialer& dialer,
                                                               HappyEyeballsOptions options = {});

}  // namespace rondo::net
