// Never reads more than the handshake wants: what follows is the target's.

#include "rondo/http/socks_tunnel.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "rondo/http/proxy_failure.hpp"

namespace rondo::http {
namespace {

using proto::SocksState;

constexpr std::size_t kMostWanted = 255;

}  // namespace

Task<> open_socks_tunnel(net::ByteStream& stream, proto::SocksHandshake handshake) {
  std::array<char, kMostWanted> block{};
  while (handshake.state() != SocksState::established) {
    if (handshake.state() == SocksState::failed) {
      throw ProxyFailure(std::string(proto::describe(handshake.error())));
    }
    if (handshake.state() == SocksState::send) {
      co_await stream.write(handshake.to_send());
      handshake.sent();
      continue;
    }
    const std::span<char> wanted = std::span(block).first(handshake.wanted());
    const std::size_t count = co_await stream.read(wanted);
    if (count == 0) {
      handshake.end_of_input();
    } else {
      handshake.received({wanted.data(), count});
    }
  }
}

}  // namespace rondo::http
