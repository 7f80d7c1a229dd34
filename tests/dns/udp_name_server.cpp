// Knows just enough of RFC 1035 §4.1: an answer is the question with other flags and counts, and a
// record that refers back to the name in it.

#include "tests/dns/udp_name_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "rondo/runtime/wait_ready.hpp"

namespace rondo::test {
namespace {

constexpr std::size_t kHeader = 12;

std::uint16_t number_at(const std::string& bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes.at(at)) << 8 |
                                    static_cast<std::uint8_t>(bytes.at(at + 1)));
}

void append(std::string& bytes, std::uint32_t number, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(number >> shift));
  }
}

UdpNameServer::Query parse(std::string bytes, const net::SocketAddress& from) {
  UdpNameServer::Query query{std::move(bytes), from, {}, {}};
  std::size_t at = kHeader;
  for (std::size_t size = 0; (size = static_cast<std::uint8_t>(query.bytes.at(at))) != 0;) {
    if (!query.name.empty()) query.name.push_back('.');
    query.name += query.bytes.substr(at + 1, size);
    at += 1 + size;
  }
  query.type = static_cast<UdpNameServer::Type>(number_at(query.bytes, at + 1));
  query.bytes.resize(at + 5);  // what may stand behind the question is not for us
  return query;
}

std::string reply(const UdpNameServer::Query& query, UdpNameServer::Code code, bool has_record) {
  std::string bytes = query.bytes.substr(0, 2);
  append(bytes, 0x8180u | static_cast<std::uint32_t>(code), 2);
  append(bytes, 1, 2);
  append(bytes, has_record ? 1 : 0, 2);
  append(bytes, 0, 4);
  return bytes + query.bytes.substr(kHeader);
}

}  // namespace

UdpNameServer::UdpNameServer()
    : descriptor_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  const net::SocketAddress any = net::SocketAddress::loopback(0);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::bind(descriptor_, static_cast<const sockaddr*>(any.data()), any.size()) != 0 ||
      ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "open a name server's socket");
  }
  const auto address = net::SocketAddress::from_system(&bound, size);
  port_ = address.port();
  address_ = address.to_string();
}

UdpNameServer::~UdpNameServer() {
  ::close(descriptor_);
}

Task<UdpNameServer::Query> UdpNameServer::next_query() const {
  while (true) {
    co_await wait_readable(descriptor_);
    std::string bytes(512, '\0');
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const auto count = ::recvfrom(descriptor_, bytes.data(), bytes.size(), 0,
                                  reinterpret_cast<sockaddr*>(&from), &size);
    if (count < 0) continue;
    bytes.resize(static_cast<std::size_t>(count));
    co_return parse(std::move(bytes), net::SocketAddress::from_system(&from, size));
  }
}

void UdpNameServer::answer(const Query& query, Code code) const {
  send(query, reply(query, code, false));
}

void UdpNameServer::answer(const Query& query, std::array<std::uint8_t, 4> address,
                           std::uint32_t ttl) const {
  if (query.type != Type::a) return answer(query, Code::ok);
  std::string bytes = reply(query, Code::ok, true);
  append(bytes, 0xc000u | kHeader, 2);
  append(bytes, 1, 2);  // A
  append(bytes, 1, 2);  // IN
  append(bytes, ttl, 4);
  append(bytes, address.size(), 2);
  for (const std::uint8_t byte : address) append(bytes, byte, 1);
  send(query, bytes);
}

void UdpNameServer::send(const Query& query, const std::string& bytes) const {
  ::sendto(descriptor_, bytes.data(), bytes.size(), 0,
           static_cast<const sockaddr*>(query.from.data()), query.from.size());
}

}  // namespace rondo::test
