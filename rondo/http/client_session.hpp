#pragma once
// `ClientSession`: HTTP requests over connections that are kept.
//
//   rondo::http::ClientSession session;
//   auto response = co_await session.get("https://example.com", {.params = {{"q", "x"}}});
//   std::string page = co_await response.text();

#include <cstddef>
#include <memory>
#include <source_location>
#include <string_view>

#include "rondo/http/connection_statistics.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/session_options.hpp"
#include "rondo/proto/cookie_jar.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

struct SessionCore;

/// A pool of connections, cookies and defaults for the requests of one loop. Any number of requests
/// may be under way at a time.
///
/// Lifetime: made inside a run. Going out of scope closes it: idle connections at once, those in
/// use when their response lets go of them; the loop sees the closing through, TLS `close_notify`
/// included, before the run ends. Requests that are under way go on. A session that outlives its
/// loop is inert: using it throws `LoopClosedError`.
///
/// Requests: each function copies what it is given before it returns, and gives a task that sends
/// the request when awaited. It throws the tree of `ClientError`; misuse is `WrongLoopError`,
/// `WrongThreadError`, `LoopClosedError` or `InvalidStateError` (the session was closed).
/// Cancelling it closes its connection.
class ClientSession {
 public:
  /// Throws `NoRunningLoopError` outside a run; `tls::TlsError` for TLS options that cannot work,
  /// as a CA file that is not there; `std::invalid_argument` for others.
  explicit ClientSession(const SessionOptions& options = {},
                         std::source_location created_at = std::source_location::current());
  ~ClientSession();
  ClientSession(const ClientSession&) = delete;
  ClientSession& operator=(const ClientSession&) = delete;

  [[nodiscard]] Task<Response> request(std::string_view method, std::string_view url,
                                       const RequestOptions& options = kNoOptions) const;
  [[nodiscard]] Task<Response> get(std::string_view url,
                                   const RequestOptions& options = kNoOptions) const;
  [[nodiscard]] Task<Response> head(std::string_view url,
                                    const RequestOptions& options = kNoOptions) const;
  [[nodiscard]] Task<Response> post(std::string_view url,
                                    const RequestOptions& options = kNoOptions) const;
  [[nodiscard]] Task<Response> put(std::string_view url,
                                   const RequestOptions& options = kNoOptions) const;
  [[nodiscard]] Task<Response> patch(std::string_view url,
                                     const RequestOptions& options = kNoOptions) const;
  /// DELETE; `delete` is a keyword.
  [[nodiscard]] Task<Response> delete_(std::string_view url,
                                       const RequestOptions& options = kNoOptions) const;
  [[nodiscard]] Task<Response> options(std::string_view url,
                                       const RequestOptions& options = kNoOptions) const;

  /// Closes the session now. Its idle connections are ended in good order in the background; the
  /// loop waits for them before the run ends. May be called again. Throws `WrongThreadError` on
  /// another thread than the loop's; the destructor hands over to it instead.
  void close();
  [[nodiscard]] bool closed() const noexcept;

  /// Opens connections for requests of `url` that are still to come, until there are `count` of
  /// them, within the limits of the connector; gives how many were opened. They are kept as long as
  /// any idle ones. Throws as a request does, when some could not be opened.
  [[nodiscard]] Task<std::size_t> warm_up(std::string_view url, std::size_t count = 1,
                                          const RequestOptions& options = kNoOptions) const;

  /// The cookies, or null without `SessionOptions::cookies`.
  [[nodiscard]] proto::CookieJar* cookie_jar() noexcept;

  /// Connections in use, and those kept for later.
  [[nodiscard]] std::size_t active_connections() const noexcept;
  [[nodiscard]] std::size_t idle_connections() const noexcept;

  /// What has become of its connections so far.
  [[nodiscard]] ConnectionStatistics statistics() const noexcept;

 private:
  void require_usable() const;

  std::shared_ptr<SessionCore> core_;
  std::source_location created_at_;
};

}  // namespace rondo::http
