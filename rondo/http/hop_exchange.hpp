#pragma once
// One hop of a request: from its plan to the head of its answer.

#include <exception>
#include <memory>
#include <optional>
#include <string_view>

#include "rondo/http/errors.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/response_body.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// What the hops of one request have in common.
struct HopContext {
  std::shared_ptr<SessionCore> core;
  std::optional<proto::HeaderMap> defaults_elsewhere;  ///< once a redirect has left the origin
  std::optional<Clock::time_point> deadline;
  unsigned attempts = 0;  ///< how often something was sent

  /// The request leaves the origin that it was meant for: what the session sends to everybody
  /// includes credentials, which do not go along.
  void leave_origin();

  [[nodiscard]] const proto::HeaderMap& defaults() const noexcept {
    return defaults_elsewhere ? *defaults_elsewhere : core->headers;
  }

  /// What writes them; null: they are not those of the session.
  [[nodiscard]] proto::RequestHeadTemplate* usual_head() const noexcept {
    return defaults_elsewhere ? nullptr : &core->usual_head;
  }
};

/// Sends `request` as it is whenever `run` is called. All that it is given outlives it. No policy
/// here: what is sent is decided by `plan_hop`, whether it is sent again over another connection by
/// `may_replay`.
class HopExchange {
 public:
  HopExchange(HopContext& context, const Request& request, Stage& stage) noexcept
      : context_(context), request_(request), stage_(stage) {}

  /// Throws the `ClientError` tree and `Cancelled`.
  Task<Response> run();

 private:
  Task<> start_body();
  [[nodiscard]] bool is_refused_expectation(const Reply& reply);
  [[nodiscard]] Hop plan(bool may_expect, std::string& head) const;
  [[nodiscard]] bool answers_proxy(const proto::ResponseHead& head, std::string_view sent);
  [[nodiscard]] std::exception_ptr unproven_proxy() const;
  void check_proof_of_proxy(Response& response, std::string_view sent) const;
  void note_hsts(const Connection& connection, const proto::ResponseHead& head) const;
  [[nodiscard]] Lease idle_connection() const;
  Task<Lease> connect(bool fresh);
  Response respond(detail::ResponseStatePtr state, Lease lease) const;
  [[nodiscard]] std::optional<proto::ContentDecoder> decoder_for(
      const proto::ResponseHead& head) const;
  [[nodiscard]] ErrorSite site() const;
  template <class... Parameters, class... Arguments>
  void tell(void (RequestTrace::*what)(Parameters...), const Arguments&... arguments) const {
    if (request_.trace != nullptr) (request_.trace->*what)(arguments...);
  }

  HopContext& context_;
  const Request& request_;
  Stage& stage_;
  std::shared_ptr<const Detour> detour_;
  bool has_answered_proxy_ = false;
  bool body_waits_ = false;  // started, and not sent
};

}  // namespace rondo::http
