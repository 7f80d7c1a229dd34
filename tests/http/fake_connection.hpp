#pragma once
// Connections without a stream, for the pool: it asks them for no more than whether they are alive.

#include <algorithm>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/http1_exchange.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::http::test {

/// What connections and tests know of each other; outlives them.
struct Network {
  int opened = 0;
  int open = 0;
  int most_open = 0;
  int orderly_ends = 0;
  std::vector<int> dead;       ///< numbers of connections that are no longer quiet
  std::vector<int> ended;      ///< numbers of those destroyed, in that order
  std::exception_ptr failure;  ///< thrown by each connect while set
  Clock::duration connect_delay{};
  Clock::duration shut_down_delay{};
  bool is_secure = false;
  bool is_reusable = true;
};

class FakeConnection final : public Connection {
 public:
  explicit FakeConnection(Network& network) : network_(network), number_(++network.opened) {
    network.most_open = std::max(network.most_open, ++network.open);
  }
  ~FakeConnection() override {
    --network_.open;
    network_.ended.push_back(number_);
  }

  [[nodiscard]] int number() const noexcept { return number_; }

  Http1Exchange begin_exchange([[maybe_unused]] Hop& hop, [[maybe_unused]] Stage& stage) override {
    throw std::logic_error("nobody exchanges anything with a fake");
  }
  bool take_answer([[maybe_unused]] const Hop& hop, [[maybe_unused]] Stage& stage,
                   [[maybe_unused]] Reply& reply) override {
    return false;
  }
  Task<> finish_exchange([[maybe_unused]] Hop& hop, [[maybe_unused]] Stage& stage,
                         [[maybe_unused]] Reply& reply) override {
    co_return;
  }
  Progress progress() const noexcept override { return Progress::unsent; }
  bool is_reusable() const noexcept override { return network_.is_reusable; }
  void rest() noexcept override {}
  bool is_quiet() noexcept override {
    return std::find(network_.dead.begin(), network_.dead.end(), number_) == network_.dead.end();
  }
  Task<> shut_down() override {
    co_await sleep(network_.shut_down_delay);
    ++network_.orderly_ends;
  }
  bool needs_shut_down() const noexcept override { return network_.is_secure; }
  std::string_view peer() const noexcept override { return "fake"; }
  const std::shared_ptr<const tls::TlsInfo>& tls() const noexcept override { return tls_; }
  std::string_view http_version() const noexcept override { return "1.1"; }

 private:
  Network& network_;
  int number_;
  std::shared_ptr<const tls::TlsInfo> tls_;  // none
};

class FakeSource final : public ConnectionSource {
 public:
  explicit FakeSource(Network& network) : network_(network) {}

  Task<std::unique_ptr<Connection>> connect([[maybe_unused]] const Route& route,
                                            [[maybe_unused]] Stage& stage) override {
    if (network_.connect_delay > Clock::duration::zero()) co_await sleep(network_.connect_delay);
    if (network_.failure) std::rethrow_exception(network_.failure);
    co_return std::make_unique<FakeConnection>(network_);
  }

 private:
  Network& network_;
};

inline int number_of(const Lease& lease) {
  return static_cast<FakeConnection&>(*lease).number();
}

}  // namespace rondo::http::test
