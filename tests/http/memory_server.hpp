#pragma once
// A session's other side without sockets: connections that are memory, and a server that answers as
// the test says.

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/http/exchange.hpp"
#include "rondo/http/http1_connection.hpp"
#include "rondo/http/plan.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/memory_stream.hpp"
#include "rondo/testing/scripted_stream.hpp"

namespace rondo::http::test {

/// What a server does about a request.
struct Reaction {
  std::string bytes = {};
  bool closes = false;         ///< ends the connection behind the bytes
  Clock::duration delay = {};  ///< before the bytes
  std::string late = {};       ///< more bytes, `late_delay` after the others
  Clock::duration late_delay = {};
};

inline std::string ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

inline std::string redirect(int status, std::string_view location) {
  return "HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + std::string(location) +
         "\r\nContent-Length: 0\r\n\r\n";
}

/// A request as the server has read it.
struct Received {
  std::string text;
  int connection = 0;  ///< the number of the connection it came over, from 1

  [[nodiscard]] bool has(std::string_view part) const {
    return text.find(part) != std::string::npos;
  }
};

using Behaviour = std::function<Reaction(const Received&)>;

namespace detail {

inline std::size_t body_size(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const auto at = head.find(kName);
  return at == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(at + kName.size())));
}

/// The next request of `pending`, or nothing when it is not whole.
inline std::optional<std::string> cut_request(std::string& pending) {
  const auto end = pending.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::string_view head = std::string_view(pending).substr(0, end);
  std::size_t size = end + 4 + body_size(head);
  if (head.find("Transfer-Encoding: chunked") != std::string_view::npos) {
    // No test sends this as data.
    constexpr std::string_view kLast = "0\r\n\r\n";
    const auto last = pending.find(kLast, end + 4);
    if (last == std::string::npos) return std::nullopt;
    size = last + kLast.size();
  }
  if (pending.size() < size) return std::nullopt;
  std::string request = pending.substr(0, size);
  pending.erase(0, size);
  return request;
}

}  // namespace detail

/// Opens connections that `behaviour` answers on. Its tasks belong to `group`.
class MemoryServer final : public ConnectionSource {
 public:
  struct Log {
    std::vector<Received> requests;
    std::vector<std::string> routes;
    int connections = 0;
    int open = 0;
    std::deque<std::exception_ptr> failures;  ///< each is thrown by a connect, in place of one
    Clock::duration connect_delay = {};
    /// What is said when a head asks for it before its body comes; null: nothing.
    std::function<Reaction(const std::string& head)> on_expect = nullptr;
    testing::MemoryStreamOptions streams = {};
  };

  MemoryServer(TaskGroup& group, Log& log, Behaviour behaviour)
      : group_(group),
        log_(log),
        behaviour_(std::make_shared<const Behaviour>(std::move(behaviour))) {}

  Task<std::unique_ptr<Connection>> connect(const Route& route, Stage& stage) override {
    stage.phase = Phase::connect;
    log_.routes.push_back(std::string(route.secure ? "https " : "http ") + route.host + ":" +
                          std::to_string(route.port));
    co_await sleep(log_.connect_delay);
    if (!log_.failures.empty()) {
      const std::exception_ptr failure = log_.failures.front();
      log_.failures.pop_front();
      std::rethrow_exception(failure);
    }
    auto [client, server] = testing::memory_stream_pair(log_.streams);
    group_.spawn(serve(std::move(server), log_, behaviour_, ++log_.connections));
    co_return std::make_unique<Http1Connection>(std::move(client), false);
  }

 private:
  struct Open {
    explicit Open(Log& log) : log_(log) { ++log_.open; }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    ~Open() { --log_.open; }
    Log& log_;
  };

  static Task<> serve(std::unique_ptr<net::ByteStream> stream, Log& log,
                      std::shared_ptr<const Behaviour> behaviour, int number) {
    const Open open(log);
    try {
      co_await converse(*stream, log, *behaviour, number);
    } catch (const Error&) {
      co_return;  // the client has gone
    }
  }

  static Task<> converse(net::ByteStream& stream, Log& log, const Behaviour& behaviour,
                         int number) {
    std::string pending;
    std::vector<char> buffer(65536);
    bool was_asked = false;
    while (true) {
      std::optional<std::string> request = detail::cut_request(pending);
      if (!request) {
        const bool asks = !was_asked && log.on_expect && pending.ends_with("\r\n\r\n") &&
                          pending.find("Expect: 100-continue") != std::string::npos;
        if (asks) {
          was_asked = true;
          const Reaction reaction = log.on_expect(pending);
          co_await stream.write(reaction.bytes);
          if (reaction.closes) co_return;
        }
        const std::size_t count = co_await stream.read(buffer);
        if (count == 0) co_return;
        pending.append(buffer.data(), count);
        continue;
      }
      was_asked = false;
      log.requests.push_back({std::move(*request), number});
      const Reaction reaction = behaviour(log.requests.back());
      if (reaction.delay > Clock::duration::zero()) co_await sleep(reaction.delay);
      co_await stream.write(reaction.bytes);
      if (!reaction.late.empty()) {
        co_await sleep(reaction.late_delay);
        co_await stream.write(reaction.late);
      }
      if (reaction.closes) co_return;
    }
  }

  TaskGroup& group_;
  Log& log_;
  std::shared_ptr<const Behaviour> behaviour_;
};

/// Opens connections that play scripts, one after the other.
class ScriptedSource final : public ConnectionSource {
 public:
  ScriptedSource(std::vector<testing::StreamScript> scripts,
                 std::vector<testing::StreamRecord>& records)
      : scripts_(std::move(scripts)), records_(records) {
    records_.resize(scripts_.size());
  }

  Task<std::unique_ptr<Connection>> connect([[maybe_unused]] const Route& route,
                                            [[maybe_unused]] Stage& stage) override {
    if (next_ == scripts_.size()) throw Error("there is no script for another connection");
    auto stream = std::make_unique<testing::ScriptedStream>(scripts_[next_], records_[next_]);
    ++next_;
    co_return std::make_unique<Http1Connection>(std::move(stream), false);
  }

 private:
  std::vector<testing::StreamScript> scripts_;
  std::vector<testing::StreamRecord>& records_;
  std::size_t next_ = 0;
};

/// A session's inside with `source` in place of the network.
inline std::shared_ptr<SessionCore> make_core(EventLoop& loop,
                                              std::unique_ptr<ConnectionSource> source,
                                              PoolLimits limits = {}) {
  auto core = std::make_shared<SessionCore>(loop);
  core->pool =
      std::make_shared<Pool>(loop, std::move(source), limits, std::source_location::current());
  core->cookies = std::make_shared<proto::CookieJar>();
  core->max_body_in_memory = std::uint64_t{1} << 30;
  return core;
}

inline Task<Response> request(const std::shared_ptr<SessionCore>& core, std::string_view method,
                              std::string_view url, const RequestOptions& options = {}) {
  return run_request(core, make_request(method, url, options, core->defaults));
}

/// The body of a GET.
inline Task<std::string> fetch(std::shared_ptr<SessionCore> core, std::string url) {
  auto response = co_await request(core, "GET", url);
  co_return co_await response.read();
}

}  // namespace rondo::http::test
