#pragma once
// The network of the programs in virtual time.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "rondo/http/http1_connection.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/runtime/run_coroutine_threadsafe.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/testing/memory_stream.hpp"
#include "rondo/tls/tls_stream.hpp"

#include "outside.hpp"
#include "server_answer.hpp"
#include "world.hpp"

namespace rondo::lifecycle {

/// Opens connections to servers that are tasks of the loop itself, as other programs would be: no
/// group of the program ends them.
class MemoryNetwork final : public http::ConnectionSource {
 public:
  explicit MemoryNetwork(World& world) : world_(world) {}

  Task<std::unique_ptr<http::Connection>> connect(const http::Route& route,
                                                  http::Stage& stage) override {
    stage.phase = http::Phase::connect;
    co_await sleep(milliseconds(2));
    auto ends = testing::memory_stream_pair();
    const auto server = std::make_shared<Lower>(std::move(ends.second));
    world_.detached.push_back(run_coroutine_threadsafe(
        get_running_loop().handle(), &MemoryNetwork::serve, server, route.secure));
    if (!route.secure) {
      co_return std::make_unique<http::Http1Connection>(std::move(ends.first), false);
    }
    stage.phase = http::Phase::tls;
    auto shaking =
        tls::TlsStream::connect(std::move(ends.first), shared_tls().client, "localhost", 443);
    auto client = co_await std::move(shaking);
    co_return std::make_unique<http::Http1Connection>(std::move(client), true);
  }

 private:
  using Lower = std::unique_ptr<net::ByteStream>;

  static Task<> serve(std::shared_ptr<Lower> lower, bool secure) {
    try {
      Lower stream = std::move(*lower);
      if (secure) {
        auto shaking = tls::TlsStream::accept(std::move(stream), shared_tls().server);
        stream = co_await std::move(shaking);
      }
      co_await converse(*stream);
    } catch (const Error&) {
      co_return;  // the client has gone
    }
  }

  /// Requests come one by one and without bodies.
  static Task<> converse(net::ByteStream& stream) {
    std::string pending;
    std::array<char, 4096> buffer{};
    while (true) {
      const auto end = pending.find("\r\n\r\n");
      if (end == std::string::npos) {
        const std::size_t count = co_await stream.read(buffer);
        if (count == 0) co_return;
        pending.append(buffer.data(), count);
        continue;
      }
      const ServerAnswer answer = answer_to(pending);
      pending.erase(0, end + 4);
      co_await sleep(answer.delay);
      co_await stream.write(answer.bytes);
      if (answer.closes) co_return;
    }
  }

  World& world_;
};

}  // namespace rondo::lifecycle
