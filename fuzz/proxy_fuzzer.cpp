// What a proxy answers, in SOCKS 5, SOCKS 4a or to CONNECT, and how it is cut: the outcome does not
// depend on the cuts, never more is read than the handshake is, and it ends.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "rondo/proto/connect_handshake.hpp"
#include "rondo/proto/no_proxy.hpp"
#include "rondo/proto/proxy_url.hpp"
#include "rondo/proto/socks.hpp"

namespace {

using namespace rondo::proto;

void require(bool condition) {
  if (!condition) std::abort();
}

std::pair<SocksError, std::size_t> play_socks(SocksVersion version, bool has_credentials,
                                              std::string_view answers, std::size_t piece) {
  const SocksCredentials credentials{"user", version == SocksVersion::v5 ? "password" : ""};
  SocksHandshake socks(version, {"example.org", 443},
                       has_credentials ? credentials : SocksCredentials{});
  std::size_t used = 0;
  while (socks.state() == SocksState::send || socks.state() == SocksState::receive) {
    if (socks.state() == SocksState::send) {
      require(!socks.to_send().empty());
      socks.sent();
      continue;
    }
    require(socks.wanted() > 0 && socks.wanted() <= 257);
    const std::size_t size = std::min({piece, socks.wanted(), answers.size() - used});
    if (size == 0) socks.end_of_input();
    if (size > 0) socks.received(answers.substr(used, size));
    used += size;
  }
  // A refusal is seen as soon as possible, so where it ends depends on the cuts.
  return {socks.error(), socks.error() == SocksError::none ? used : 0};
}

ConnectError play_connect(std::string_view answer, std::size_t piece) {
  ConnectHandshake connect({"example.org", 443, {}, {}});
  connect.sent();
  while (connect.state() == ConnectState::receive && !answer.empty()) {
    connect.received(answer.substr(0, piece));
    answer.remove_prefix(std::min(piece, answer.size()));
  }
  connect.end_of_input();
  // Whether bytes behind the answer are seen depends on the cuts.
  const ConnectError error = connect.error();
  return error == ConnectError::unexpected_bytes ? ConnectError::none : error;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = std::size_t{1} + (data[0] >> 2) % 8;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] & 3) {
    case 0:
      require(play_socks(SocksVersion::v5, true, text, piece) ==
              play_socks(SocksVersion::v5, true, text, 1000));
      break;
    case 1:
      require(play_socks(SocksVersion::v4a, false, text, piece) ==
              play_socks(SocksVersion::v4a, false, text, 1000));
      break;
    case 2:
      require(play_connect(text, piece) == play_connect(text, text.size() + 1));
      break;
    default:
      static_cast<void>(NoProxy(text).matches("10.1.2.3", 80));
      if (const auto proxy = parse_proxy_url(text)) {
        require(parse_proxy_url(proxy->to_string()).ok() && proxy->port != 0);
      }
  }
  return 0;
}
