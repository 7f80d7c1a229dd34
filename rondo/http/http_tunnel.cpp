// What may stand behind the head of the answer is judged by the handshake, so blocks are read as
// they come.

#include "rondo/http/http_tunnel.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string>

#include "rondo/http/proxy_failure.hpp"

namespace rondo::http {
namespace {

using proto::ConnectError;
using proto::ConnectHandshake;
using proto::ConnectState;

constexpr std::size_t kBlock = 4096;

[[noreturn]] void fail(const ConnectHandshake& handshake) {
  const std::string words(proto::describe(handshake.error()));
  const proto::ResponseHead& head = handshake.head();
  switch (handshake.error()) {
    case ConnectError::authentication_required:
    case ConnectError::refused:
      throw TunnelRefused(fmt::format("{} (status {})", words, head.status), head.status,
                          head.headers);
    case ConnectError::malformed:
      throw ProxyFailure(fmt::format("{}: {}", words, proto::describe(handshake.http1_error())));
    default:
      throw ProxyFailure(words);
  }
}

}  // namespace

Task<proto::ResponseHead> open_http_tunnel(net::ByteStream& stream,
                                           proto::ConnectHandshake handshake) {
  std::array<char, kBlock> block{};
  while (handshake.state() != ConnectState::established) {
    if (handshake.state() == ConnectState::failed) fail(handshake);
    if (handshake.state() == ConnectState::send) {
      co_await stream.write(handshake.to_send());
      handshake.sent();
      continue;
    }
    const std::size_t count = co_await stream.read(block);
    if (count == 0) {
      handshake.end_of_input();
    } else {
      handshake.received({block.data(), count});
    }
  }
  co_return handshake.head();
}

}  // namespace rondo::http
