#pragma once
// One hop of a request: from its plan to the head of its answer.

#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "rondo/http/connection.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/hop_turn.hpp"
#include "rondo/http/http1_exchange.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/response_state.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// What the hops of one request have in common.
struct HopContext {
  explicit HopContext(std::shared_ptr<SessionCore> of_session) noexcept
      : core(std::move(of_session)) {}

  std::shared_ptr<SessionCore> core;
  std::unique_ptr<proto::HeaderMap> defaults_elsewhere;  ///< once a redirect has left the origin
  std::optional<TotalLimit> limit;
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

/// Sends a request as it is, once for each hop. All that it is given outlives it. No policy here:
/// what is sent is decided by `plan_hop`, whether it is sent again over another connection by
/// `may_replay`.
///
/// `run` is one hop, and a coroutine. Most hops are so plain that they need none: where
/// `can_begin`, whoever has the hop awaits `begin` and `take_answer`, and what they say decides
/// between `take_response` and `run`, which then does the rest.
class HopExchange {
 public:
  HopExchange(HopContext& context, const Request& request, Stage& stage) noexcept
      : context_(context), request_(request), stage_(stage) {}

  /// Throws the `ClientError` tree and `Cancelled`.
  Task<Response> run();

  /// Starts a hop, and says whether a connection is free for it and nothing else has to be waited
  /// for but the answer. Errors as of `run`.
  [[nodiscard]] bool can_begin();

  /// Whether it cannot, but all that may be missing is a place among the connections: then `turn`
  /// waits for one, in the pool's queue, no longer than the request as a whole may take, and says
  /// whether the hop can begin. Throws `ServerTimeoutError` and `Cancelled`.
  [[nodiscard]] bool may_queue() const noexcept;
  [[nodiscard]] HopTurn turn();

  /// Sends the request over that connection, and says whether an answer has begun: no later than
  /// the limit of the request as a whole, though no scope sees to that. Then `take_answer` says
  /// whether its head has come. They throw `ExchangeFailure`, which `note_failure` is to be told,
  /// and `Cancelled`.
  [[nodiscard]] Http1Exchange begin();
  [[nodiscard]] bool take_answer();

  void note_failure(const ExchangeFailure& failure) { failure_ = failure; }

  /// The response, once that answer has come.
  Response take_response();

 private:
  friend class HopTurn;
  void start();
  bool take_turn(PoolPlace place);
  Task<> start_body();
  Task<> prepare();
  Task<> exchange();
  Reply& reply();
  void tell_of_connection() const;
  void try_again();
  void note_answer();
  [[nodiscard]] bool accepts_answer();
  Response respond();
  [[nodiscard]] bool is_usual() const noexcept;
  [[nodiscard]] bool is_refused_expectation();
  void plan();
  void plan_usual();
  void plan_with_fields();
  [[nodiscard]] std::string cookies() const;
  [[nodiscard]] bool answers_proxy(const proto::ResponseHead& head);
  [[nodiscard]] std::exception_ptr unproven_proxy() const;
  void check_proof_of_proxy(Response& response) const;
  void note_hsts() const;
  [[nodiscard]] Lease idle_connection() const;
  Task<Lease> connect();
  [[nodiscard]] std::optional<proto::ContentDecoder> decoder_for(
      const proto::ResponseHead& head) const;
  [[nodiscard]] ErrorSite site() const;
  template <class... Parameters, class... Arguments>
  void tell(void (RequestTrace::*what)(Parameters...), const Arguments&... arguments) const {
    if (request_.trace != nullptr) [[unlikely]]
      (request_.trace->*what)(arguments...);
  }

  HopContext& context_;
  const Request& request_;
  Stage& stage_;
  std::shared_ptr<const Detour> detour_;
  detail::ResponseStatePtr state_;                    // null: no answer has begun
  Hop hop_;                                           // as it was planned last
  PoolPlace place_;                                   // without a connection yet
  Lease lease_;                                       // over which that is sent
  std::optional<ExchangeFailure> failure_;            // of that exchange
  std::unique_ptr<std::string> proxy_authorization_;  // that was sent to a proxy; null: to none
  bool has_started_ = false;                          // the hop
  bool has_begun_ = false;                            // that exchange
  bool is_fresh_ = false;   // a kept connection had died: only a new one will do
  bool may_expect_ = true;  // the server has not refused to be asked
  bool has_answered_proxy_ = false;
  bool body_waits_ = false;  // started, and not sent
};

}  // namespace rondo::http
