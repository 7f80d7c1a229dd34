#pragma once
// A name server that does what the test says, on the test's own loop.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rondo/net/address.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::test {

/// A UDP socket on loopback that answers nothing by itself.
class UdpNameServer {
 public:
  enum class Type : std::uint16_t { a = 1, aaaa = 28 };
  enum class Code : std::uint8_t { ok = 0, server_failure = 2, no_such_name = 3, refused = 5 };

  /// A question that has come in.
  struct Query {
    std::string bytes;
    net::SocketAddress from;
    std::string name;
    Type type = Type::a;
  };

  UdpNameServer();
  UdpNameServer(const UdpNameServer&) = delete;
  UdpNameServer& operator=(const UdpNameServer&) = delete;
  ~UdpNameServer();

  /// "127.0.0.1:5353"
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// Waits for the next question.
  [[nodiscard]] Task<Query> next_query() const;

  /// Answers with a code and no record.
  void answer(const Query& query, Code code) const;

  /// Answers a question for A with `address`, one for AAAA with no record.
  void answer(const Query& query, std::array<std::uint8_t, 4> address, std::uint32_t ttl) const;

  /// Sends any bytes back.
  void send(const Query& query, const std::string& bytes) const;

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
  std::string address_;
};

}  // namespace rondo::test
