// Plan the hop, get a connection, send it, read the head of the answer. A kept connection that has
// died is replaced by a new one.

#include "rondo/http/hop_exchange.hpp"

#include <memory>
#include <utility>

#include "rondo/base/prefetch.hpp"
#include "rondo/http/body_check.hpp"
#include "rondo/http/failures.hpp"
#include "rondo/http/http1_exchange.hpp"
#include "rondo/http/plan.hpp"
#include "rondo/http/proxy_failure.hpp"
#include "rondo/http/response_state.hpp"
#include "rondo/proto/redirect.hpp"
#include "rondo/proto/retry.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

/// Whether a request whose exchange failed may be sent once more: only a kept connection may have
/// died before the request came, and nothing must be done twice that may not be.
bool may_replay(const Lease& lease, const ExchangeFailure& failure, const Hop& hop) {
  const bool is_about_server = failure.fault == ExchangeFault::protocol ||
                               failure.fault == ExchangeFault::timed_out ||
                               failure.fault == ExchangeFault::request;
  const bool connection_died =
      lease.is_reused() && !is_about_server && lease->progress() != Progress::answered;
  const bool may_repeat =
      proto::is_idempotent(hop.method) && (hop.body == nullptr || hop.body->is_replayable());
  return connection_died && (lease->progress() == Progress::unsent || may_repeat);
}

/// The value of the field in a head that was written here, where it stands once at most.
std::string_view proxy_authorization_in(std::string_view head) {
  constexpr std::string_view kLine = "\r\nProxy-Authorization: ";
  const std::size_t at = head.find(kLine);
  if (at == std::string_view::npos) return {};
  head.remove_prefix(at + kLine.size());
  return head.substr(0, head.find("\r\n"));
}

}  // namespace

ErrorSite HopExchange::site() const {
  return {request_.url.without_credentials(), stage_.phase};
}

void HopContext::leave_origin() {
  if (defaults_elsewhere) return;
  defaults_elsewhere = std::make_unique<proto::HeaderMap>();
  for (const Field field : core->headers) {
    if (!proto::belongs_to_origin(field.name)) defaults_elsewhere->add(field.name, field.value);
  }
}

Task<> HopExchange::start_body() {
  if (std::exchange(body_waits_, false)) co_return;
  if (!request_.body.stream()->may_start()) {
    throw InvalidRequest(site(), "the body has been sent, and cannot be sent again");
  }
  co_await request_.body.stream()->start();
}

/// Whether the server will not be asked (RFC 9110 §10.1.1). The body has not been touched then.
bool HopExchange::is_refused_expectation() {
  const Reply& reply = state_->reply;
  body_waits_ = reply.head.status == 417 && reply.has_left_body;
  return body_waits_;
}

void HopExchange::plan() {
  if (detour_ != nullptr || context_.core->may_add_fields()) [[unlikely]]
    return plan_with_fields();
  const HopExtras extras{.may_expect = may_expect_, .usual_head = context_.usual_head()};
  plan_hop(request_, context_.defaults(), extras, hop_);
}

/// For `begin`, which no scope stands around.
void HopExchange::plan_usual() {
  plan();
  hop_.total_limit = context_.limit;
}

/// With what the session knows for this URL alone, and by a detour if there is one.
void HopExchange::plan_with_fields() {
  SessionCore& core = *context_.core;
  const std::string cookies = this->cookies();
  std::string authorization;
  if (core.has_netrc) authorization = core.netrc_authorization(request_.url);
  const HopExtras extras{.cookies = cookies,
                         .authorization = authorization,
                         .may_expect = may_expect_,
                         .detour = detour_.get(),
                         .usual_head = context_.usual_head()};
  plan_hop(request_, context_.defaults(), extras, hop_);
  if (detour_ == nullptr || !detour_->is_absolute) return;
  proxy_authorization_ = std::make_unique<std::string>(proxy_authorization_in(hop_.head));
}

std::string HopExchange::cookies() const {
  SessionCore& core = *context_.core;
  std::string cookies;
  if (core.cookies) cookies = core.cookies_for(request_.url);
  const bool sends_own = !core.own_cookies.empty() && !context_.defaults_elsewhere;
  if (!sends_own) return cookies;
  return cookies.empty() ? core.own_cookies : core.own_cookies + "; " + cookies;
}

void HopExchange::start() {
  stage_ = Stage();
  stage_.trace = request_.trace;
  tell(&RequestTrace::on_request_start, request_.method, request_.url);
  SessionCore& core = *context_.core;
  core.require_allowed(request_.url);
  detour_ = core.detour_for(request_);
  is_fresh_ = has_answered_proxy_ = false;
  may_expect_ = true;
  has_started_ = true;
}

bool HopExchange::can_begin() {
  start();
  if (!is_usual()) return false;
  plan_usual();
  lease_ = idle_connection();
  if (lease_) return true;
  hop_.drop_head();  // whoever waits holds none
  return false;
}

/// Whether nobody but the pool and the server has to be waited for.
bool HopExchange::is_usual() const noexcept {
  return request_.body.stream() == nullptr && detour_ == nullptr;
}

bool HopExchange::may_queue() const noexcept {
  // That limit is for the queue and the connecting together.
  return has_started_ && is_usual() && !request_.timeout.connect;
}

HopTurn HopExchange::turn() {
  const TotalLimit* limit = context_.limit ? &*context_.limit : nullptr;
  const RouteView route = route_to(request_.url, nullptr);
  return HopTurn(*this, request_, *context_.core->pool, route, stage_, limit);
}

bool HopExchange::take_turn(PoolPlace place) {
  if (!place) throw_exchange_error(timed_out(context_.limit->whole), site());
  lease_ = context_.core->pool->take_idle(place, stage_);
  place_ = std::move(place);
  if (lease_) plan_usual();
  return static_cast<bool>(lease_);
}

Http1Exchange HopExchange::begin() {
  tell_of_connection();
  ++context_.attempts;
  has_begun_ = true;
  return lease_->begin_exchange(hop_, stage_);
}

/// The reply of this exchange, which is made when an answer has begun: with thousands of requests
/// in flight, what waits for one is in no cache by then, and what was just let go of is.
inline Reply& HopExchange::reply() {
  if (state_ == nullptr) state_ = make_recycled<detail::ResponseState>();
  return state_->reply;
}

bool HopExchange::take_answer() {
  prefetch<2 * kCacheLine>(request_.url.href().data());  // the next request compares its own to it
  return lease_->take_answer(hop_, stage_, reply());
}

Task<Response> HopExchange::run() {
  if (!has_started_) start();
  while (true) {
    if (!lease_) co_await prepare();
    if (!failure_) co_await exchange();
    if (failure_) {
      try_again();
      continue;
    }
    note_answer();
    if (accepts_answer()) co_return respond();
    lease_ = Lease();
  }
}

/// Gets all that is sent, and a connection to send it over.
Task<> HopExchange::prepare() {
  state_.reset();
  if (request_.body.stream() != nullptr) co_await start_body();
  plan();
  // Mostly a connection is there, and nothing has to wait for it.
  if (!is_fresh_ && !place_) lease_ = idle_connection();
  if (!lease_) lease_ = co_await connect();
  has_begun_ = false;
}

/// Sends the request, or goes on with what has begun.
Task<> HopExchange::exchange() {
  try {
    bool is_done = false;
    if (!has_begun_) {
      const bool has_answer = co_await begin();
      is_done = has_answer && take_answer();
    }
    if (!is_done) co_await lease_->finish_exchange(hop_, stage_, reply());
  } catch (const ExchangeFailure& caught) {
    failure_ = caught;
  }
}

void HopExchange::tell_of_connection() const {
  if (request_.trace == nullptr) return;
  tell(&RequestTrace::on_connection, lease_->peer(), lease_.is_reused(), stage_.timings);
  if (const auto& tls = lease_->tls()) tell(&RequestTrace::on_tls, *tls);
  tell(&RequestTrace::on_request_headers_sent, hop_.head);
}

/// Over another connection; throws the failure where that may not be.
void HopExchange::try_again() {
  const ExchangeFailure failure = *std::exchange(failure_, std::nullopt);
  const bool again = context_.core->replays && may_replay(lease_, failure, hop_);
  lease_ = Lease();
  if (!again) throw_exchange_error(failure, site());
  tell(&RequestTrace::on_replay, failure.reason);
  is_fresh_ = true;
}

void HopExchange::note_answer() {
  tell(&RequestTrace::on_response_headers, state_->reply.head);
  if (context_.core->hsts) note_hsts();
}

/// Whether that is the answer, and not what the request is sent again for.
bool HopExchange::accepts_answer() {
  may_expect_ = !is_refused_expectation();
  return may_expect_ && !(detour_ && answers_proxy(state_->reply.head));
}

// What begins at once asks no server for leave and no proxy for anything, so nothing is refused.
Response HopExchange::take_response() {
  note_answer();
  return respond();
}

/// Whether the proxy, not the server, has answered that it wants other credentials, and there are
/// some to show. Once for each hop.
bool HopExchange::answers_proxy(const proto::ResponseHead& head) {
  if (!detour_->is_absolute) return false;
  if (!detour_->authentication->take_info(*proxy_authorization_, head.headers)) {
    std::rethrow_exception(unproven_proxy());
  }
  const bool is_challenge = head.status == kProxyAuthenticationRequired;
  if (!is_challenge || has_answered_proxy_ || !request_.is_replayable()) return false;
  has_answered_proxy_ = detour_->authentication->take_challenge(head.headers);
  return has_answered_proxy_;
}

std::exception_ptr HopExchange::unproven_proxy() const {
  return std::make_exception_ptr(ClientProxyConnectionError(
      site(), "proxy " + detour_->proxy->to_string() + ": " + std::string(kWrongProof)));
}

/// What the proxy has to prove at the end of `response`.
void HopExchange::check_proof_of_proxy(Response& response) const {
  if (!detour_->authentication->is_digest()) return;
  const auto hash = proto::DigestAuth::integrity_hash(*proxy_authorization_);
  if (!hash && !may_have_trailers(response)) return;
  check_body(response, ProxyAuthentication::judge_of_body(detour_->authentication, hash,
                                                          *proxy_authorization_, response.headers(),
                                                          unproven_proxy()));
}

void HopExchange::note_hsts() const {
  if (lease_->tls() == nullptr || (detour_ && detour_->tls)) return;
  context_.core->note_hsts(request_.url, state_->reply.head.headers);
}

Lease HopExchange::idle_connection() const {
  try {
    return context_.core->pool->acquire_idle(route_to(request_.url, detour_.get()), stage_);
  } catch (const Error&) {
    throw_connect_error(std::current_exception(), site());
  }
}

Task<Lease> HopExchange::connect() {
  Pool& pool = *context_.core->pool;
  const RouteView route = route_to(request_.url, detour_.get());
  const auto opening_limit = request_.timeout.sock_connect;
  auto acquiring = place_ ? pool.open(std::move(place_), opening_limit, stage_)
                          : pool.acquire(route, is_fresh_, opening_limit, stage_);
  const auto limit = request_.timeout.connect;
  if (limit) acquiring = timeout(*limit, std::move(acquiring));
  try {
    co_return co_await std::move(acquiring);
  } catch (const Error&) {
    throw_connect_error(std::current_exception(), site());
  }
}

std::optional<proto::ContentDecoder> HopExchange::decoder_for(
    const proto::ResponseHead& head) const {
  const auto coding = head.headers.combined("Content-Encoding");
  if (!coding) return std::nullopt;
  // The body of a redirect that is followed is thrown away as it is.
  const bool is_followed = request_.max_redirects > 0 && proto::is_redirect(head.status) &&
                           head.headers.contains("Location");
  if (is_followed || !context_.core->auto_decompress) return std::nullopt;
  return context_.core->make_decoder(*coding, site());
}

Response HopExchange::respond() {
  const SessionCore& core = *context_.core;
  detail::ResponseState& state = *state_;
  const Reply& reply = state.reply;
  if (reply.head.headers.contains("Set-Cookie")) [[unlikely]]
    context_.core->store_cookies(request_.url, reply.head.headers);
  auto decoder = decoder_for(reply.head);
  state.request = &request_;
  reassign(state.remote, lease_->peer());
  if (const auto& tls = lease_->tls()) state.tls = tls;
  state.timings = stage_.timings;
  state.attempts = context_.attempts;
  state.body.emplace(*core.loop, std::move(lease_), *reply.body, std::move(decoder),
                     BodyLimits{.total = context_.limit,
                                .max_in_memory = core.max_body_in_memory,
                                .max_body = core.max_body,
                                .may_have_trailers = reply.may_have_trailers,
                                .trace = request_.trace},
                     request_);
  Response response(state_.release());
  has_started_ = false;
  if (detour_ && detour_->is_absolute) check_proof_of_proxy(response);
  return response;
}

}  // namespace rondo::http
