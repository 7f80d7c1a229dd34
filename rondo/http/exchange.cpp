// A hop gives an answer; then either that is the response, or it says where the next hop goes.

#include "rondo/http/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "rondo/http/failures.hpp"
#include "rondo/http/response_state.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

/// The stage of a hop inside middlewares: there may be several at a time. What became of the last
/// one is what the request as a whole can say of itself.
class OwnStage {
 public:
  explicit OwnStage(Stage& outer) noexcept : outer_(outer) {}
  OwnStage(const OwnStage&) = delete;
  OwnStage& operator=(const OwnStage&) = delete;
  ~OwnStage() { outer_ = own; }

  Stage own;

 private:
  Stage& outer_;
};

}  // namespace

// Most requests find a connection, have one hop, and wait once, for the answer: these are one
// coroutine, and the wait itself knows how long it may take. Each frame more, and a scope around
// it, would be felt.
Task<Response> run_request(std::shared_ptr<SessionCore> core, RequestPtr request) {
  core->handle.require_running("ClientSession", core->pool->owner_site());
  Exchange exchange(std::move(core), *request);
  try {
    std::optional<Response> response;
    bool may_begin = exchange.can_begin();
    if (!may_begin && exchange.may_queue()) [[unlikely]]
      may_begin = co_await exchange.turn();
    if (may_begin) {
      bool is_done = false;
      try {
        const bool has_answer = co_await exchange.begin();
        is_done = has_answer && exchange.take_answer();
      } catch (const ExchangeFailure& failure) {
        exchange.note_failure(failure);
      }
      if (is_done) response = exchange.take_response();
    }
    while (true) {
      if (!response || request->status_check != nullptr) exchange.enclose();
      if (!response) response = co_await exchange.hop();
      if (exchange.is_last(*response)) {
        exchange.finish(*response);
        if (const auto check = request->status_check) co_await (*check)(*response);
        Exchange::hand_over(std::move(request), *response);
        co_return std::move(*response);
      }
      response.reset();
      exchange.enclose();
      if (request->trace != nullptr) co_await request->trace->before_redirect();
    }
  } catch (...) {
    exchange.fail();
  }
}

Exchange::Exchange(std::shared_ptr<SessionCore> core, Request& request)
    : context_(std::move(core)), request_(request) {
  if (const auto total = request.timeout.total) {
    context_.limit = TotalLimit{context_.core->loop->moment_in(*total), *total};
  }
  const SessionCore& session = *context_.core;
  if (!session.trace_configs.empty()) {
    request_.own_trace = make_traces(session.trace_configs, request_);
    request_.trace = request_.own_trace.get();
  }
  const auto& base_url = session.defaults.base_url;
  if (base_url && !base_url->same_origin(request_.url)) context_.leave_origin();
}

Exchange::Note::Note(const Exchange& exchange)
    : TaskNote(exchange.context_.core->loop->current_fiber()), exchange_(exchange) {}

std::string Exchange::Note::describe() const {
  return fmt::format("{} {}: {}", exchange_.request_.method, exchange_.site().url,
                     activity(exchange_.stage_.phase));
}

ErrorSite Exchange::site() const {
  return {request_.url.without_credentials(), stage_.phase};
}

bool Exchange::can_begin() {
  if (context_.core->hsts) context_.core->upgrade(request_);
  return middlewares().empty() && hop_.can_begin();
}

void Exchange::enclose() {
  if (scope_ || !context_.limit) return;
  const auto left = context_.limit->deadline - context_.core->loop->time();
  scope_.emplace(std::max(left, Clock::duration::zero()));
}

void Exchange::fail() const {
  try {
    throw_error();
  } catch (...) {
    if (request_.trace != nullptr) {
      request_.trace->on_request_exception(std::current_exception());
    }
    throw;
  }
}

void Exchange::throw_error() const {
  try {
    try {
      throw;
    } catch (const Cancelled&) {
      if (!scope_ || !rondo::detail::timed_out(*scope_)) throw;
      rondo::detail::throw_timeout(*request_.timeout.total);
    }
  } catch (const TimeoutError& error) {
    if (!scope_) throw;
    throw ServerTimeoutError(site(), fmt::format("{} {}", activity(stage_.phase), error.what()));
  }
}

/// Whether the redirect leads to another hop.
bool Exchange::follow(Response& response) {
  auto next = next_hop(response);
  if (!next) return false;
  ++followed_;
  remember(response);
  response.release();
  redirect(std::move(*next));
  return true;
}

Task<Response> Exchange::hop() {
  if (context_.core->hsts) context_.core->upgrade(request_);
  const auto chain = middlewares();
  return chain.empty() ? hop_.run() : through(chain);
}

std::span<const Middleware> Exchange::middlewares() const noexcept {
  return request_.middlewares ? *request_.middlewares : context_.core->middlewares;
}

Task<Response> Exchange::through(std::span<const Middleware> chain) {
  // A copy: what a middleware adds, as credentials, is for this hop, and never for the one that a
  // redirect leads to.
  Request request = request_;
  const Next next(chain, *this);
  co_return co_await next(request);
}

Task<Response> Exchange::send(const Request& request) {
  OwnStage stage(stage_);
  RequestPtr sent = copy_of(request);  // the response may outlive what middlewares have of it
  HopExchange hop(context_, *sent, stage.own);
  Response response = co_await hop.run();
  hand_over(std::move(sent), response);
  co_return response;
}

std::optional<proto::NextHop> Exchange::next_hop(const Response& response) const {
  auto next =
      proto::next_hop({.method = response.method(),
                       .url = response.url(),
                       .status = response.status(),
                       .location = response.headers().get("Location"),
                       .has_other_location = proto::has_ambiguous_location(response.headers()),
                       .body_replayable = request_.is_replayable(),
                       .followed = followed_,
                       .limit = request_.max_redirects});
  if (next) return std::move(next).value();
  const std::string reason(describe(next.error()));
  switch (next.error()) {
    case proto::RedirectError::too_many:
      throw TooManyRedirects(site(), fmt::format("{} (limit {})", reason, request_.max_redirects),
                             response.status(), response.headers());
    case proto::RedirectError::body_not_replayable:
      throw InvalidRequest(site(), reason);
    case proto::RedirectError::unfollowable_scheme:
      throw NonHttpUrlRedirectError(site(), reason);
    default:
      throw InvalidUrlRedirectError(site(), reason);
  }
}

void Exchange::remember(const Response& response) {
  history_.push_back(
      {response.url(), response.status(), response.headers(), response.state_->timings});
  if (request_.trace != nullptr) request_.trace->on_request_redirect(history_.back());
}

void Exchange::redirect(proto::NextHop next) {
  if (next.strip_credentials) {
    context_.leave_origin();
    request_.is_upgraded = false;
  }
  if (!next.strip_credentials && !next.url.has_credentials()) {
    next.url.set_username(request_.url.username());
    next.url.set_password(request_.url.password());
  }
  proto::HeaderMap kept;
  for (const Field field : request_.headers) {
    const bool goes = (next.drop_body && proto::belongs_to_body(field.name)) ||
                      (next.strip_credentials && proto::belongs_to_origin(field.name));
    if (!goes) kept.add(field.name, field.value);
  }
  request_.headers = std::move(kept);
  request_.method = std::move(next.method);
  request_.url = std::move(next.url);
  if (next.drop_body) request_.body.reset();
}

}  // namespace rondo::http
