// The handshake is a coroutine; reads and writes go straight to the pump. A stream that is
// destroyed while its pump still has something under way below leaves the pump to the loop: the
// operations and their buffers must outlive what the system does with them.

#include "rondo/tls/tls_stream.hpp"

#include <memory>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/tls/tls_engine.hpp"
#include "rondo/tls/tls_pump.hpp"
#include "rondo/tls/tls_target.hpp"

namespace rondo::tls {
namespace {

/// What a peer may still send once it has got our `close_notify`.
constexpr std::size_t kMaxDiscarded = std::size_t{256} * 1024;
constexpr std::size_t kDiscardSize = std::size_t{16} * 1024;

Task<> end_in_background(std::unique_ptr<detail::TlsPump> pump) {
  co_await pump->ended();
}

Task<> discard_the_rest(TlsStream& stream) {
  const auto bytes = std::make_unique<char[]>(kDiscardSize);
  std::size_t discarded = 0;
  while (discarded < kMaxDiscarded) {
    const std::size_t count = co_await stream.read({bytes.get(), kDiscardSize});
    if (count == 0) co_return;
    discarded += count;
  }
}

}  // namespace

TlsStream::TlsStream(std::unique_ptr<detail::TlsPump> pump) noexcept : pump_(std::move(pump)) {}

TlsStream::~TlsStream() {
  pump_->abandon();
  EventLoop* loop = rondo::detail::running_loop();
  if (loop == nullptr || pump_->stop_all()) return;
  try {
    loop->finish_in_background(end_in_background(std::move(pump_)));
  } catch (...) {
    // Without memory for the task the pump is gone with it; there is nobody to tell.
  }
}

Task<std::unique_ptr<TlsStream>> TlsStream::connect(std::unique_ptr<net::ByteStream> lower,
                                                    std::shared_ptr<const TlsContext> context,
                                                    std::string host, std::uint16_t port,
                                                    std::vector<std::string> alpn) {
  const detail::TlsTarget target(std::move(host), port);
  auto pump = std::make_unique<detail::TlsPump>(std::move(lower), std::move(context), target, alpn);
  co_await pump->shake_hands();
  co_return std::unique_ptr<TlsStream>(new TlsStream(std::move(pump)));
}

Task<std::unique_ptr<TlsStream>> TlsStream::accept(std::unique_ptr<net::ByteStream> lower,
                                                   std::shared_ptr<const TlsContext> context) {
  const std::string_view peer = lower->peer();
  auto pump = std::make_unique<detail::TlsPump>(std::move(lower), std::move(context), peer);
  co_await pump->shake_hands();
  co_return std::unique_ptr<TlsStream>(new TlsStream(std::move(pump)));
}

std::string_view TlsStream::alpn() const noexcept {
  return pump_->engine().alpn();
}

TlsInfo TlsStream::info() const {
  return pump_->engine().info();
}

Task<> TlsStream::shut_down() {
  if (pump_->is_broken()) co_return;
  pump_->close();
  try {
    co_await write({});
    co_await discard_the_rest(*this);
    co_await pump_->lower().shut_down();
  } catch (const TlsError&) {
    // The peer has gone first: the end is reached all the same.
  } catch (const OsError&) {
    // Likewise.
  }
}

bool TlsStream::is_quiet() noexcept {
  return pump_->is_quiet();
}

std::string_view TlsStream::peer() const noexcept {
  return pump_->lower().peer();
}

bool TlsStream::start(rondo::detail::Operation& operation) noexcept {
  return pump_->start(operation);
}

void TlsStream::stop(rondo::detail::Operation& operation) noexcept {
  pump_->stop(operation);
}

void TlsStream::throw_error(const rondo::detail::Operation& operation) const {
  pump_->throw_if_tls_failed(operation);
  const net::ByteStream& lower = pump_->lower();
  lower.throw_error(operation);
  // GCC does not see that a virtual function returns never.
  ByteStream::throw_error(operation);
}

}  // namespace rondo::tls
