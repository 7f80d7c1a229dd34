// What goes in and what comes out are copies: OpenSSL writes to a session that a connection holds,
// without a lock, and marks it unusable when that connection breaks.

#include "rondo/tls/session_cache.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace rondo::tls::detail {
namespace {

/// As many connections to one host can be resumed at once: a server sends two tickets with TLS 1.3,
/// as a rule, and each is good for one of them.
constexpr std::size_t kMaxSessionsOfHost = 64;

/// For each host that there is room for; hosts with more are at the expense of others.
constexpr std::size_t kSessionsOfHost = 4;

/// Of a host that has refused so many in a row, only one connection in so many offers a session.
constexpr unsigned kManyRefusals = 4;
constexpr unsigned kOneIn = 16;

bool is_single_use(const SSL_SESSION& session) noexcept {
  return SSL_SESSION_get_protocol_version(&session) >= TLS1_3_VERSION;
}

bool has_expired(const SSL_SESSION& session) noexcept {
  return SSL_SESSION_get_time(&session) + SSL_SESSION_get_timeout(&session) <=
         static_cast<long>(std::time(nullptr));
}

}  // namespace

void SessionCache::put(std::string_view host, const ssl_session_st& session) {
  if (max_hosts_ == 0 || SSL_SESSION_is_resumable(&session) != 1) return;
  SessionHandle copy(SSL_SESSION_dup(&session));
  if (!copy) return;
  const std::lock_guard lock(mutex_);
  auto& sessions = host_of(host).sessions;
  const bool replaces_all = !is_single_use(session);
  if (replaces_all || sessions.size() == kMaxSessionsOfHost) {
    const auto end = replaces_all ? sessions.end() : sessions.begin() + 1;
    count_ -= static_cast<std::size_t>(end - sessions.begin());
    sessions.erase(sessions.begin(), end);
  }
  sessions.push_back(std::move(copy));
  ++count_;
  while (count_ > kSessionsOfHost * max_hosts_) drop_one();
}

/// The oldest of the host that was longest out of use.
void SessionCache::drop_one() {
  auto& sessions = hosts_.back().sessions;
  if (sessions.size() <= 1) return drop_last_host();
  sessions.erase(sessions.begin());
  --count_;
}

void SessionCache::drop_last_host() {
  count_ -= hosts_.back().sessions.size();
  by_name_.erase(hosts_.back().name);
  hosts_.pop_back();
}

/// Null if it is not known; otherwise it is the one used last.
SessionCache::Host* SessionCache::find(std::string_view name) {
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return nullptr;
  hosts_.splice(hosts_.begin(), hosts_, known->second);
  return &hosts_.front();
}

SessionCache::Host& SessionCache::host_of(std::string_view name) {
  if (Host* known = find(name)) return *known;
  if (hosts_.size() == max_hosts_) drop_last_host();
  hosts_.push_front(Host{std::string(name), {}});
  by_name_.emplace(hosts_.front().name, hosts_.begin());
  return hosts_.front();
}

SessionHandle SessionCache::take(std::string_view host) {
  const std::lock_guard lock(mutex_);
  Host* known = find(host);
  if (known == nullptr) return nullptr;
  if (known->refusals >= kManyRefusals && ++known->withheld % kOneIn != 0) return nullptr;
  auto& sessions = known->sessions;
  count_ -=
      std::erase_if(sessions, [](const SessionHandle& session) { return has_expired(*session); });
  SessionHandle taken;
  if (!sessions.empty() && is_single_use(*sessions.back())) {
    taken = std::move(sessions.back());
    sessions.pop_back();
    --count_;
  } else if (!sessions.empty()) {
    taken.reset(SSL_SESSION_dup(sessions.back().get()));
  }
  return taken;
}

void SessionCache::note_answer(std::string_view host, bool was_resumed) noexcept {
  const std::lock_guard lock(mutex_);
  Host* known = find(host);
  if (known == nullptr) return;
  known->refusals = was_resumed ? 0 : known->refusals + 1;
  known->withheld = 0;
}

std::size_t SessionCache::size() const {
  const std::lock_guard lock(mutex_);
  const auto has_sessions = [](const Host& host) { return !host.sessions.empty(); };
  return static_cast<std::size_t>(std::count_if(hosts_.begin(), hosts_.end(), has_sessions));
}

}  // namespace rondo::tls::detail
