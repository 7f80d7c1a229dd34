// A queue for each host that has jobs waiting or under way. Those hosts that have both a job and
// room for it are kept in the order of that job.

#include "cli/host_queues.hpp"

#include <utility>

namespace rondo::cli {

class HostQueues::Host {
 public:
  explicit Host(std::string its_name) : name(std::move(its_name)) {}

  std::string name;
  std::deque<Job> waiting;
  std::size_t active = 0;
};

std::string_view host_of(std::string_view url) noexcept {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  const std::string_view rest = url.substr(scheme_end + 3);
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
  const std::size_t credentials_end = authority.rfind('@');
  if (credentials_end != std::string_view::npos) authority.remove_prefix(credentials_end + 1);
  return authority;
}

HostQueues::HostQueues(std::size_t limit_per_host) : limit_per_host_(limit_per_host) {}

HostQueues::~HostQueues() = default;

HostQueues::Host& HostQueues::host_named(std::string_view name) {
  const auto known = hosts_.find(name);
  if (known != hosts_.end()) return *known->second;
  auto host = std::make_unique<Host>(std::string(name));
  return *hosts_.emplace(host->name, std::move(host)).first->second;
}

void HostQueues::push(Job job) {
  Host& host = host_named(host_of(job.url));
  ++size_;
  bytes_ += job.size();
  host.waiting.push_back(std::move(job));
  if (host.waiting.size() == 1) mark_ready(host);
}

void HostQueues::mark_ready(Host& host) {
  if (host.waiting.empty() || host.active >= limit_per_host_) return;
  ready_.emplace(host.waiting.front().number, &host);
}

std::optional<HostQueues::Taken> HostQueues::take() {
  if (ready_.empty()) return std::nullopt;
  Host& host = *ready_.begin()->second;
  ready_.erase(ready_.begin());
  Taken taken{std::move(host.waiting.front()), &host};
  host.waiting.pop_front();
  --size_;
  bytes_ -= taken.job.size();
  ++host.active;
  mark_ready(host);
  return taken;
}

void HostQueues::finished(Host& host) {
  const bool was_full = host.active-- == limit_per_host_;
  if (host.waiting.empty()) {
    if (host.active == 0) hosts_.erase(hosts_.find(host.name));
  } else if (was_full) {
    mark_ready(host);
  }
}

}  // namespace rondo::cli
