#pragma once
// What happens to one request, told as it happens.

#include <string_view>

#include "rondo/http/timings.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

struct HistoryEntry;

/// Derive from it, override what you want to know, and put its address into
/// `RequestOptions::trace`. It must live until the response is there, or the request has failed.
/// Called on the loop's thread; but for `before_redirect`, nobody waits for an answer, and it must
/// not throw. What is passed lasts for the call.
class RequestTrace {
 public:
  RequestTrace() = default;
  RequestTrace(const RequestTrace&) = delete;
  RequestTrace& operator=(const RequestTrace&) = delete;
  virtual ~RequestTrace() = default;

  /// A hop begins: the request itself, or what a redirect has led to.
  virtual void on_request_start([[maybe_unused]] std::string_view method,
                                [[maybe_unused]] const proto::Url& url) {}

  /// The hop has a connection. Of `timings` queued, dns, connect and tls are known.
  virtual void on_connection([[maybe_unused]] std::string_view peer,
                             [[maybe_unused]] bool is_reused,
                             [[maybe_unused]] const Timings& timings) {}

  /// The request is being sent: its line and fields, credentials and cookies among them.
  virtual void on_request_headers([[maybe_unused]] std::string_view head) {}

  /// The head of the final answer is there.
  virtual void on_response_headers([[maybe_unused]] const proto::ResponseHead& head) {}

  /// The answer is a redirect, and it is followed.
  virtual void on_request_redirect([[maybe_unused]] const HistoryEntry& answered) {}

  /// Awaited before the next hop begins: it may hold the request back, within its time-out.
  /// Cancelled with the request; what it throws ends the request.
  virtual Task<> before_redirect() { co_return; }

  /// A kept connection had died: the request is sent once more, over a new one.
  virtual void on_replay([[maybe_unused]] std::string_view reason) {}
};

}  // namespace rondo::http
