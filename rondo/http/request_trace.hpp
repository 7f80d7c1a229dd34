#pragma once
// What happens to one request, told as it happens.

#include <exception>
#include <string_view>

#include "rondo/http/timings.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/tls/tls_info.hpp"

namespace rondo::http {

struct HistoryEntry;
class Response;

/// Derive from it, override what you want to know, and put its address into
/// `RequestOptions::trace`, or what makes one for each request into
/// `SessionOptions::trace_configs`. It must live until the response has gone, or the request has
/// failed. Called on the loop's thread; but for `before_redirect`, nobody waits for an answer, and
/// it must not throw. What is passed lasts for the call.
class RequestTrace {
 public:
  RequestTrace() = default;
  RequestTrace(const RequestTrace&) = delete;
  RequestTrace& operator=(const RequestTrace&) = delete;
  virtual ~RequestTrace() = default;

  /// A hop begins: the request itself, or what a redirect has led to.
  virtual void on_request_start([[maybe_unused]] std::string_view method,
                                [[maybe_unused]] const proto::Url& url) {}

  // aiohttp's signals about getting a connection, in the order of the walk.

  /// All places in the pool are taken: the request has to wait for one, and then has it.
  virtual void on_connection_queued_start() {}
  virtual void on_connection_queued_end() {}

  /// A new connection is opened, and is there. Without the second, it has failed.
  virtual void on_connection_create_start() {}
  virtual void on_connection_create_end() {}

  /// A kept connection is used.
  virtual void on_connection_reuseconn() {}

  /// The answer for that name is in the DNS cache, or is not.
  virtual void on_dns_cache_hit([[maybe_unused]] std::string_view host) {}
  virtual void on_dns_cache_miss([[maybe_unused]] std::string_view host) {}

  /// The resolver is asked, and has answered with an address.
  virtual void on_dns_resolvehost_start([[maybe_unused]] std::string_view host) {}
  virtual void on_dns_resolvehost_end([[maybe_unused]] std::string_view host) {}

  /// The hop has a connection. Of `timings` queued, dns, connect and tls are known.
  virtual void on_connection([[maybe_unused]] std::string_view peer,
                             [[maybe_unused]] bool is_reused,
                             [[maybe_unused]] const Timings& timings) {}

  /// That connection speaks TLS to the server: so.
  virtual void on_tls([[maybe_unused]] const tls::TlsInfo& info) {}

  /// The request is handed to the connection: its line and fields, credentials and cookies among
  /// them.
  virtual void on_request_headers_sent([[maybe_unused]] std::string_view head) {}

  /// So much of the request's body has left, before any transfer coding: upload progress.
  virtual void on_request_chunk_sent([[maybe_unused]] std::string_view chunk) {}

  /// An answer with a status of 1xx, in front of the final one: 103 Early Hints (RFC 8297).
  virtual void on_informational_response([[maybe_unused]] const proto::ResponseHead& head) {}

  /// The head of the final answer is there.
  virtual void on_response_headers([[maybe_unused]] const proto::ResponseHead& head) {}

  /// The answer is a redirect, and it is followed.
  virtual void on_request_redirect([[maybe_unused]] const HistoryEntry& answered) {}

  /// Awaited before the next hop begins: it may hold the request back, within its time-out.
  /// Cancelled with the request; what it throws ends the request.
  virtual Task<> before_redirect() { co_return; }

  /// The request has its final answer, whose body has not been read.
  virtual void on_request_end([[maybe_unused]] const Response& response) {}

  /// The request has failed with `error`, or was cancelled. Nothing is told after that.
  virtual void on_request_exception([[maybe_unused]] const std::exception_ptr& error) {}

  /// A piece of the final answer's body is handed out, decoded: download progress.
  virtual void on_response_chunk_received([[maybe_unused]] std::string_view chunk) {}

  /// A kept connection had died: the request is sent once more, over a new one.
  virtual void on_replay([[maybe_unused]] std::string_view reason) {}

  /// A policy that stands around the request has done something: `policy` is "retry", "digest",
  /// "rate limit", "circuit breaker" or "hedge", and `event` says what, in words.
  virtual void on_policy([[maybe_unused]] std::string_view policy,
                         [[maybe_unused]] std::string_view event) {}
};

}  // namespace rondo::http
