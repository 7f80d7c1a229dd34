#pragma once
// A client's TLS sessions, by the host they were made with.

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rondo/tls/openssl_handles.hpp"

namespace rondo::tls::detail {

/// Keeps sessions for a bounded number of hosts: up to 64 for one, up to 4 times the number of
/// hosts in all. What was longest out of use goes first. A TLS 1.3 session is given out once (RFC
/// 8446 §C.4), one of TLS 1.2 as often as it is asked for. To offer one costs 3 % of a handshake: a
/// server that gives sessions and resumes none is offered few. Any thread.
class SessionCache {
 public:
  /// 0: keeps nothing.
  explicit SessionCache(std::size_t max_hosts) noexcept : max_hosts_(max_hosts) {}

  /// Keeps a copy of `session` for `host`, which is "name:port".
  void put(std::string_view host, const ssl_session_st& session);

  /// A session to resume with `host`, the newest one, or null.
  [[nodiscard]] SessionHandle take(std::string_view host);

  /// The handshake is over in which `host` was offered a session.
  void note_answer(std::string_view host, bool was_resumed) noexcept;

  /// How many hosts there are sessions for.
  [[nodiscard]] std::size_t size() const;

 private:
  struct Host {
    std::string name;
    std::vector<SessionHandle> sessions;  // the newest last
    unsigned refusals = 0;                // in a row
    unsigned withheld = 0;                // since the last of them
  };
  using Hosts = std::list<Host>;

  Host* find(std::string_view name);
  Host& host_of(std::string_view name);
  void drop_one();
  void drop_last_host();

  const std::size_t max_hosts_;
  mutable std::mutex mutex_;
  Hosts hosts_;  // the one used last is first
  std::unordered_map<std::string_view, Hosts::iterator> by_name_;
  std::size_t count_ = 0;  // of all sessions
};

}  // namespace rondo::tls::detail
