#pragma once
// One request from its start to its response: its time limit, its middlewares, its redirects.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "rondo/http/errors.hpp"
#include "rondo/http/hop_exchange.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/request_ptr.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/response_state.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/proto/redirect.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// Lives in the frame of `run_request`. Whether a redirect is followed, and how, is decided by
/// `proto::next_hop`; each hop is a `HopExchange`, which the middlewares stand around.
class Exchange {
 public:
  /// `request` outlives it, and follows the redirects.
  Exchange(std::shared_ptr<SessionCore> core, Request& request);

  /// Whether the first hop can be awaited as `begin`; see `HopExchange`. Otherwise, and wherever
  /// that and `take_answer` do not come to the answer, it is a `hop`.
  [[nodiscard]] bool can_begin();
  [[nodiscard]] bool may_queue() const noexcept { return hop_.may_queue(); }
  [[nodiscard]] HopTurn turn() { return hop_.turn(); }
  [[nodiscard]] Http1Exchange begin() { return hop_.begin(); }
  [[nodiscard]] bool take_answer() { return hop_.take_answer(); }
  void note_failure(const ExchangeFailure& failure) { hop_.note_failure(failure); }
  Response take_response() { return hop_.take_response(); }

  /// From here on others wait for the request, who do not know how long: a scope ends that.
  void enclose();

  /// One hop, through the middlewares if there are any, or what is left of it.
  Task<Response> hop();

  /// Whether `response`, that of the hop, is the one of the request; otherwise the next hop is.
  [[nodiscard]] bool is_last(Response& response) {
    return !proto::is_redirect(response.status()) || !follow(response);
  }

  /// Gives `response` what is known of the hops before.
  void finish(Response& response) {
    if (followed_ > 0) response.state_->history = std::move(history_);
    response.state_->attempts = context_.attempts;
    if (request_.trace != nullptr) request_.trace->on_request_end(response);
  }

  /// Lets `response` have the request it has come from. Nothing else can be asked of the exchange
  /// from then on.
  static void hand_over(RequestPtr request, Response& response) noexcept {
    response.state_->keep(std::move(request));
  }

  /// Inside a `catch`: throws what the request ends with.
  [[noreturn]] void fail() const;

  /// The end of the middlewares' chain: one hop with a request of theirs.
  Task<Response> send(const Request& request);

 private:
  Task<Response> through(std::span<const Middleware> chain);
  [[nodiscard]] std::span<const Middleware> middlewares() const noexcept;
  [[nodiscard]] std::optional<proto::NextHop> next_hop(const Response& response) const;
  [[nodiscard]] bool follow(Response& response);
  void remember(const Response& response);
  void redirect(proto::NextHop next);
  [[noreturn]] void throw_error() const;
  [[nodiscard]] ErrorSite site() const;

  /// What the task tree says of the request.
  class Note final : public rondo::detail::TaskNote {
   public:
    explicit Note(const Exchange& exchange);
    [[nodiscard]] std::string describe() const override;

   private:
    const Exchange& exchange_;
  };

  HopContext context_;
  Request& request_;
  unsigned followed_ = 0;
  Stage stage_;
  HopExchange hop_{context_, request_, stage_};
  std::vector<HistoryEntry> history_;
  std::optional<CancelScope> scope_;  // of the total time, once others wait
  Note note_{*this};
};

/// Sends `request` in the session that `core` belongs to. Throws the `ClientError` tree and
/// `Cancelled`.
Task<Response> run_request(std::shared_ptr<SessionCore> core, RequestPtr request);

}  // namespace rondo::http
