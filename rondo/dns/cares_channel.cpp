// A ready socket, or the timer, puts the channel into the loop's ready queue; c-ares is visited
// from there, never from inside a callback. c-ares cannot give up a single question, so one that
// nobody waits for goes on unseen, unless it was the last: then all are given up.

#include "rondo/dns/cares_channel.hpp"

#include <ares.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "rondo/base/error.hpp"

namespace rondo::dns::detail {
namespace {

using std::chrono::milliseconds;

constexpr int kDnsPort = 53;
constexpr milliseconds kLongestTimeout = std::chrono::hours(1);

struct DestroyChannel {
  void operator()(ares_channeldata* channel) const noexcept { ::ares_destroy(channel); }
};
using OwnedChannel = std::unique_ptr<ares_channeldata, DestroyChannel>;

void require(int status) {
  if (status == ARES_SUCCESS) return;
  throw Error(fmt::format("cannot start the DNS resolver: {}", ::ares_strerror(status)));
}

void start_library() {
  // Once in the process, for c-ares counts without a lock.
  static const int status = ::ares_library_init(ARES_LIB_INIT_ALL);
  require(status);
}

ares_addr_port_node to_node(const net::SocketAddress& address) {
  const auto bytes = address.ip_bytes();
  ares_addr_port_node node{};
  node.family = address.family() == net::SocketAddress::Family::ipv4 ? AF_INET : AF_INET6;
  std::memcpy(&node.addr, bytes.data(), bytes.size());
  node.udp_port = node.tcp_port = address.port() != 0 ? address.port() : kDnsPort;
  return node;
}

void set_servers(ares_channeldata* channel, const std::vector<net::SocketAddress>& servers) {
  if (servers.empty()) return;
  std::vector<ares_addr_port_node> nodes;
  std::transform(servers.begin(), servers.end(), std::back_inserter(nodes), to_node);
  for (std::size_t i = 1; i < nodes.size(); ++i) nodes[i - 1].next = &nodes[i];
  require(::ares_set_servers_ports(channel, nodes.data()));
}

bool has_one_server(ares_channeldata* channel) {
  ares_addr_port_node* servers = nullptr;
  require(::ares_get_servers_ports(channel, &servers));
  const bool is_one = servers != nullptr && servers->next == nullptr;
  ::ares_free_data(servers);
  return is_one;
}

/// Gives a channel with `values`, of which `given` says what is set.
OwnedChannel make_channel(ares_options values, int given,
                          const std::vector<net::SocketAddress>& servers) {
  ares_channel channel = nullptr;
  require(::ares_init_options(&channel, &values, given));
  OwnedChannel owned(channel);
  set_servers(channel, servers);
  return owned;
}

int family_number(Family family) noexcept {
  switch (family) {
    case Family::ipv4:
      return AF_INET;
    case Family::ipv6:
      return AF_INET6;
    case Family::any:
      break;
  }
  return AF_UNSPEC;
}

/// How long all of it may be kept: the addresses, and the aliases on the way to them.
std::chrono::seconds shortest_ttl(const ares_addrinfo& answer) noexcept {
  int ttl = std::numeric_limits<int>::max();
  for (const auto* node = answer.nodes; node != nullptr; node = node->ai_next) {
    ttl = std::min(ttl, node->ai_ttl);
  }
  for (const auto* alias = answer.cnames; alias != nullptr; alias = alias->next) {
    ttl = std::min(ttl, alias->ttl);
  }
  return std::chrono::seconds(std::max(ttl, 0));
}

Resolution to_resolution(const ares_addrinfo& answer) {
  Resolution resolution{{}, shortest_ttl(answer)};
  for (const auto* node = answer.nodes; node != nullptr; node = node->ai_next) {
    resolution.addresses.push_back(
        net::SocketAddress::from_system(node->ai_addr, node->ai_addrlen));
  }
  return resolution;
}

}  // namespace

/// What c-ares hands back with the answer.
struct CaresChannel::Asked {
  CaresChannel& channel;
  std::shared_ptr<CaresQuestion> question;

  static void on_answer(void* asked, int status, int timeouts, ares_addrinfo* answer) noexcept;
};

CaresChannel::CaresChannel(EventLoop& loop, const std::vector<net::SocketAddress>& servers,
                           milliseconds timeout, int tries)
    : Timer([](Timer& timer) noexcept { static_cast<CaresChannel&>(timer).needs_to_run(); }),
      loop_(&loop) {
  start_library();
  ares_options values{};
  values.timeout = static_cast<int>(std::min(timeout, kLongestTimeout).count());
  values.tries = tries;
  values.sock_state_cb = &CaresChannel::on_interest;
  values.sock_state_cb_data = this;
  constexpr int kGiven = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
  OwnedChannel channel = make_channel(values, kGiven, servers);
  // A server that fails or refuses makes c-ares ask the next, and in the end say that none could be
  // reached. Where there is no next one, its answer is the answer.
  if (has_one_server(channel.get())) {
    values.flags = ARES_FLAG_NOCHECKRESP;
    channel = make_channel(values, kGiven | ARES_OPT_FLAGS, servers);
  }
  CaresSocket::install(channel.get(), loop);
  channel_ = channel.release();
  loop.add_resident(*this);
}

void CaresChannel::close() noexcept {
  if (channel_ == nullptr) return;
  LoopResident::unlink();
  Timer::unlink();
  Runnable::unlink();
  ::ares_destroy(std::exchange(channel_, nullptr));
  sockets_.clear();
}

std::shared_ptr<CaresQuestion> CaresChannel::ask(std::string host, Family family) {
  const auto question = std::make_shared<CaresQuestion>(std::move(host), family);
  auto asked = std::make_unique<Asked>(Asked{*this, question});
  ++waiting_;
  if (channel_ == nullptr) {
    question->end(ARES_EDESTRUCTION, {});
    return question;
  }
  ares_addrinfo_hints hints{};
  hints.ai_family = family_number(family);
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = ARES_AI_ENVHOSTS;
  ++open_;
  ::ares_getaddrinfo(channel_, question->host().c_str(), nullptr, &hints, &Asked::on_answer,
                     asked.release());
  settle();
  return question;
}

void CaresChannel::Asked::on_answer(void* asked, int status, int, ares_addrinfo* answer) noexcept {
  const std::unique_ptr<Asked> owned(static_cast<Asked*>(asked));
  --owned->channel.open_;
  try {
    const bool has_addresses = status == ARES_SUCCESS && answer != nullptr;
    owned->question->end(status, has_addresses ? to_resolution(*answer) : Resolution());
  } catch (...) {
    owned->question->end(ARES_ENOMEM, {});
  }
  ::ares_freeaddrinfo(answer);
}

void CaresChannel::forget() noexcept {
  --waiting_;
  if (waiting_ > 0 || open_ == 0 || channel_ == nullptr) return;
  ::ares_cancel(channel_);
  settle();
}

void CaresChannel::on_interest(void* channel, int descriptor, int reads, int writes) noexcept {
  auto& self = *static_cast<CaresChannel*>(channel);
  if (reads == 0 && writes == 0) {
    self.sockets_.erase(descriptor);
    return;
  }
  try {
    const auto place =
        self.sockets_.try_emplace(descriptor, self, self.loop_->reactor(), descriptor).first;
    place->second.want(reads != 0, writes != 0);
  } catch (...) {
    return;  // out of memory: nobody waits for this socket, and the question times out
  }
}

void CaresChannel::needs_to_run() noexcept {
  if (!Runnable::is_linked()) loop_->make_ready(*this);
}

void CaresChannel::run() noexcept {
  if (!process_ready_socket()) ::ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  while (process_ready_socket()) {
  }
  settle();
}

bool CaresChannel::process_ready_socket() noexcept {
  for (auto& [descriptor, socket] : sockets_) {
    const bool can_read = socket.take_readable();
    const bool can_write = socket.take_writable();
    if (!can_read && !can_write) continue;
    // The visit may close this socket and open others: the search begins anew after it.
    ::ares_process_fd(channel_, can_read ? descriptor : ARES_SOCKET_BAD,
                      can_write ? descriptor : ARES_SOCKET_BAD);
    return true;
  }
  return false;
}

void CaresChannel::settle() noexcept {
  for (auto& entry : sockets_) entry.second.watch();
  timeval rest{};
  if (::ares_timeout(channel_, nullptr, &rest) == nullptr) {
    Timer::unlink();
    return;
  }
  const auto wait = std::chrono::seconds(rest.tv_sec) + std::chrono::microseconds(rest.tv_usec);
  loop_->schedule(*this, std::max(std::chrono::ceil<milliseconds>(wait), milliseconds(1)));
}

}  // namespace rondo::dns::detail
