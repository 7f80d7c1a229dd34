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

#include "server_answer.hpp"
#include "world.hpp"

namespace rondo::lifecycle {

/// Opens connections to servers that are tasks of the loop itself, as other programs would be: no
/// group of the program ends them.
class MemoryNetwork final : public http::ConnectionSource {
 public:
  explicit MemoryNetwork(World& world) : world_(world) {}

  Task<std::unique_ptr<http::Connection>> connect([[maybe_unused]] const http::Route& route,
                                                  http::Stage& stage) override {
    stage.phase = http::Phase::connect;
    co_await sleep(milliseconds(2));
    auto [client, server] = testing::memory_stream_pair();
    const std::shared_ptr<net::ByteStream> stream = std::move(server);
    world_.detached.push_back(
        run_coroutine_threadsafe(get_running_loop().handle(), &MemoryNetwork::serve, stream));
    co_return std::make_unique<http::Http1Connection>(std::move(client), false);
  }

 private:
  static Task<> serve(std::shared_ptr<net::ByteStream> stream) {
    try {
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
