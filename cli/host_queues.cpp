// A queue for each host that has jobs waiting or under way. Those hosts that have both a job and
// room for it are kept in the order of that job, or of their turns; those that must rest before, in
// the order of the ends of their rests. A host is in one of the two, or in neither.

#include "cli/host_queues.hpp"

#include <algorithm>
#include <utility>

#include "cli/adaptive_limit.hpp"
#include "cli/host_breaker.hpp"
#include "cli/url_text.hpp"

namespace rondo::cli {

class HostQueues::Host {
 public:
  Host(std::string its_name, const HostPolicy& policy)
      : name(std::move(its_name)), limit(policy.limit), breaker(policy.breaker) {}

  std::string name;
  std::deque<JobPtr> waiting;
  std::size_t active = 0;
  bool is_marked = false;  // as ready or resting
  Clock::time_point next_start{};
  AdaptiveLimit limit;
  HostBreaker breaker;
};

HostQueues::HostQueues(const HostPolicy& policy, std::uint64_t seed)
    : policy_(policy), random_(seed) {}

HostQueues::~HostQueues() = default;

HostQueues::Host& HostQueues::host_named(std::string_view name) {
  const auto known = hosts_.find(name);
  if (known != hosts_.end()) return *known->second;
  auto host = std::make_unique<Host>(std::string(name), policy_);
  return *hosts_.emplace(host->name, std::move(host)).first->second;
}

std::size_t HostQueues::limit_of(const Host& host) const noexcept {
  if (host.breaker.is_open()) return 1;
  return policy_.is_adaptive ? host.limit.value() : policy_.limit;
}

void HostQueues::push(JobPtr job, Clock::time_point now) {
  Host& host = host_named(host_of(job->url));
  ++size_;
  bytes_ += job->size();
  host.waiting.push_back(std::move(job));
  mark(host, now);
}

void HostQueues::mark(Host& host, Clock::time_point now) {
  if (host.is_marked || host.waiting.empty()) return;
  if (host.breaker.is_dead()) return mark_ready(host);
  if (host.active >= limit_of(host)) return;
  Clock::time_point begin = host.next_start;
  if (host.breaker.is_open()) begin = std::max(begin, host.breaker.rest_end());
  if (begin <= now) return mark_ready(host);
  resting_.emplace(begin, &host);
  host.is_marked = true;
}

void HostQueues::mark_ready(Host& host) {
  ready_.emplace(policy_.spreads ? ++turns_ : host.waiting.front()->number, &host);
  host.is_marked = true;
}

/// Those whose rest has ended may have lost their room, or been given a longer rest, meanwhile.
void HostQueues::wake(Clock::time_point now) {
  while (!resting_.empty() && resting_.begin()->first <= now) {
    Host& host = *resting_.begin()->second;
    resting_.erase(resting_.begin());
    host.is_marked = false;
    mark(host, now);
  }
}

std::optional<Clock::time_point> HostQueues::next_time() const noexcept {
  if (resting_.empty()) return std::nullopt;
  return resting_.begin()->first;
}

std::optional<HostQueues::Taken> HostQueues::take(Clock::time_point now) {
  wake(now);
  while (!ready_.empty()) {
    Host& host = *ready_.begin()->second;
    ready_.erase(ready_.begin());
    host.is_marked = false;
    const bool is_dead = host.breaker.is_dead();
    const bool must_rest = !is_dead && (host.active >= limit_of(host) ||
                                        (host.breaker.is_open() && host.breaker.rest_end() > now));
    if (must_rest) {  // since it was marked
      mark(host, now);
      continue;
    }
    Taken taken{std::move(host.waiting.front()), &host, is_dead};
    host.waiting.pop_front();
    --size_;
    bytes_ -= taken.job->size();
    ++host.active;
    note_start(host, now);
    mark(host, now);
    return taken;
  }
  return std::nullopt;
}

void HostQueues::note_start(Host& host, Clock::time_point now) {
  if (policy_.interval <= Clock::duration::zero()) return;
  Clock::duration interval = policy_.interval;
  if (policy_.spreads) {
    std::uniform_real_distribution<double> share(0.5, 1.5);
    interval = std::chrono::duration_cast<Clock::duration>(interval * share(random_));
  }
  host.next_start = std::max(host.next_start, now) + interval;
}

void HostQueues::finished(Host& host, const HostOutcome& outcome, Clock::time_point now) {
  --host.active;
  const bool was_asked = outcome.had_trouble || outcome.latency > Clock::duration::zero();
  if (policy_.is_adaptive && was_asked) host.limit.ended(outcome.had_trouble, outcome.latency);
  if (outcome.was_unreachable) {
    host.breaker.failed(now);
  } else {
    host.breaker.succeeded();
  }
  if (!host.waiting.empty()) return mark(host, now);
  if (is_forgettable(host, now)) hosts_.erase(hosts_.find(host.name));
  if (hosts_.size() < most_known_) return;
  std::erase_if(hosts_, [&](const auto& known) { return is_forgettable(*known.second, now); });
  most_known_ = std::max(kKnown, 2 * hosts_.size());
}

/// Whether nothing is lost with it; with an adaptive limit that is something, but not worth a
/// place.
bool HostQueues::is_forgettable(const Host& host, Clock::time_point now) noexcept {
  return host.waiting.empty() && host.active == 0 && host.breaker.is_idle() &&
         host.next_start <= now;
}

}  // namespace rondo::cli
