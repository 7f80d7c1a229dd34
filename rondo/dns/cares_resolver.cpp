// Everything of c-ares is in the channel, which is made at the first question and counted: a wait
// that ends after the loop has closed the channel finds it closed, not gone.

#include "rondo/dns/cares_resolver.hpp"

#include <stdexcept>
#include <utility>

#include "rondo/dns/cares_channel.hpp"
#include "rondo/dns/local_names.hpp"

namespace rondo::dns {
namespace {

/// Tells the channel at the end of a wait, whichever way it ends.
class Waiting {
 public:
  explicit Waiting(detail::CaresChannel& channel) noexcept : channel_(channel) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { channel_.forget(); }

 private:
  detail::CaresChannel& channel_;
};

net::SocketAddress parse_server(const std::string& text) {
  const auto address = net::SocketAddress::parse(text);
  if (!address || !address->is_ip()) {
    throw std::invalid_argument("the DNS server '" + text +
                                "' is not an address such as 192.0.2.1 or [2001:db8::1]:53");
  }
  return *address;
}

}  // namespace

CaresResolver::CaresResolver(const CaresOptions& options)
    : timeout_(options.timeout), tries_(options.tries) {
  if (timeout_ <= timeout_.zero() || tries_ <= 0) {
    throw std::invalid_argument("the time-out and the tries of DNS questions must be positive");
  }
  servers_.reserve(options.servers.size());
  for (const std::string& text : options.servers) servers_.push_back(parse_server(text));
}

CaresResolver::~CaresResolver() {
  if (!channel_ || !handle_ || handle_->is_closed() || handle_->get() != nullptr) return;
  try {
    // Another thread: what belongs to the loop ends in its thread.
    handle_->call_soon_threadsafe([channel = std::exchange(channel_, nullptr)] {});
  } catch (...) {
    channel_ = nullptr;  // the loop has closed meanwhile, and the channel with it
  }
}

std::shared_ptr<detail::CaresChannel> CaresResolver::channel() {
  if (!handle_) {
    EventLoop& loop = get_running_loop();
    channel_ = std::make_shared<detail::CaresChannel>(loop, servers_, timeout_, tries_);
    handle_ = loop.reference();
  } else if (handle_->get_running() == nullptr) {
    handle_->refuse("resolve()", "the DNS resolver");
  }
  return channel_;
}

Task<Resolution> CaresResolver::resolve(std::string host, std::uint16_t port, Family family) {
  if (auto known = resolve_locally(host, port, family)) co_return std::move(*known);
  require_host_name(host);
  const auto channel = this->channel();
  const auto question = channel->ask(host, family);
  const Waiting waiting(*channel);
  while (!question->has_ended()) co_await question->ended.wait();
  Resolution resolution = question->take_result();
  for (auto& address : resolution.addresses) address = address.with_port(port);
  co_return resolution;
}

}  // namespace rondo::dns
