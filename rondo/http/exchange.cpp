// A hop: plan it, get a connection, send it, read the head of the answer. Then either the answer is
// the response, or it says where the next hop goes.

#include "rondo/http/exchange.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/http/failures.hpp"
#include "rondo/http/plan.hpp"
#include "rondo/http/response_state.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

/// Whether a request whose exchange failed may be sent once more: only a kept connection may have
/// died before the request came, and nothing must be done twice that may not be.
bool may_replay(const Lease& lease, const ExchangeFailure& failure, const Hop& hop) {
  const bool is_about_server =
      failure.fault == ExchangeFault::protocol || failure.fault == ExchangeFault::timed_out;
  const bool connection_died =
      lease.is_reused() && !is_about_server && lease->progress() != Progress::answered;
  return connection_died && (lease->progress() == Progress::unsent || is_idempotent(hop.method));
}

}  // namespace

Task<Response> run_request(std::shared_ptr<SessionCore> core, Request request) {
  Exchange exchange(std::move(core), std::move(request));
  co_return co_await exchange.run();
}

Exchange::Exchange(std::shared_ptr<SessionCore> core, Request request)
    : core_(std::move(core)), request_(std::move(request)) {}

Exchange::Note::Note(const Exchange& exchange)
    : TaskNote(exchange.core_->loop->current_fiber()), exchange_(exchange) {}

std::string Exchange::Note::describe() const {
  return fmt::format("{} {}: {}", exchange_.request_.method, exchange_.site().url,
                     activity(exchange_.stage_.phase));
}

ErrorSite Exchange::site() const {
  return {request_.url.without_credentials(), stage_.phase};
}

Task<Response> Exchange::run() {
  const auto total = request_.timeout.total;
  if (!total) co_return co_await follow();
  deadline_ = core_->loop->now() + *total;
  try {
    co_return co_await timeout(*total, follow());
  } catch (const TimeoutError& error) {
    throw ServerTimeoutError(site(), fmt::format("{} {}", activity(stage_.phase), error.what()));
  }
}

Task<Response> Exchange::follow() {
  for (unsigned followed = 0;; ++followed) {
    stage_ = {};
    tell(&RequestTrace::on_request_start, request_.method, request_.url);
    const Hop hop = plan_hop(request_, defaults(), core_->cookies_for(request_.url));
    Lease lease;
    Reply reply = co_await send(hop, lease);
    tell(&RequestTrace::on_response_headers, reply.head);
    core_->store_cookies(request_.url, reply.head.headers);
    auto next = next_hop(reply.head, followed);
    if (!next) co_return respond(std::move(reply), std::move(lease));
    remember(reply);
    make_body(*reply.body, std::move(lease), std::nullopt).drop();
    redirect(std::move(*next));
    if (request_.trace != nullptr) co_await request_.trace->before_redirect();
  }
}

Task<Reply> Exchange::send(const Hop& hop, Lease& lease) {
  for (bool fresh = false;; fresh = true) {
    lease = co_await connect(fresh);
    tell(&RequestTrace::on_connection, lease->peer(), lease.is_reused(), stage_.timings);
    tell(&RequestTrace::on_request_headers, hop.head);
    ++attempts_;
    std::optional<ExchangeFailure> failure;
    try {
      co_return co_await exchange_on(lease, hop);
    } catch (const ExchangeFailure& caught) {
      failure = caught;
    }
    const bool again = may_replay(lease, *failure, hop);
    lease = Lease();
    if (!again) throw_exchange_error(*failure, site());
    tell(&RequestTrace::on_replay, failure->reason);
  }
}

Task<Lease> Exchange::connect(bool fresh) {
  const RouteView route(request_.url.scheme() == "https", request_.url.host_for_connect(),
                        request_.url.effective_port());
  auto acquiring = core_->pool->acquire(route, fresh, request_.timeout.sock_connect, stage_);
  const auto limit = request_.timeout.connect;
  if (limit) acquiring = timeout(*limit, std::move(acquiring));
  try {
    co_return co_await std::move(acquiring);
  } catch (const Error&) {
    throw_connect_error(std::current_exception(), site());
  }
}

Task<Reply> Exchange::exchange_on(Lease& lease, const Hop& hop) {
  const EventLoop& loop = *core_->loop;
  stage_.phase = Phase::send;
  const auto begun = loop.now();
  co_await lease->send(hop);
  const auto sent = loop.now();
  stage_.timings.send += sent - begun;
  stage_.phase = Phase::wait;
  Reply reply = co_await lease->answer(hop);
  stage_.timings.wait += loop.now() - sent;
  co_return reply;
}

std::optional<proto::NextHop> Exchange::next_hop(const proto::ResponseHead& head,
                                                 unsigned followed) const {
  auto next = proto::next_hop({.method = request_.method,
                               .url = request_.url,
                               .status = head.status,
                               .location = head.headers.get("Location"),
                               .body_replayable = true,
                               .followed = followed,
                               .limit = request_.max_redirects});
  if (next) return std::move(next).value();
  const std::string reason(describe(next.error()));
  switch (next.error()) {
    case proto::RedirectError::too_many:
      throw TooManyRedirects(site(), fmt::format("{} (limit {})", reason, request_.max_redirects),
                             head.status, head.headers);
    case proto::RedirectError::unfollowable_scheme:
      throw NonHttpUrlRedirectError(site(), reason);
    default:
      throw InvalidUrlRedirectError(site(), reason);
  }
}

const proto::HeaderMap& Exchange::defaults() const {
  return defaults_elsewhere_ ? *defaults_elsewhere_ : core_->headers;
}

void Exchange::redirect(proto::NextHop next) {
  if (next.strip_credentials && !defaults_elsewhere_) {
    // What the session sends to everybody includes credentials that its user meant for one origin.
    defaults_elsewhere_.emplace();
    for (const Field field : core_->headers) {
      if (!proto::belongs_to_origin(field.name)) defaults_elsewhere_->add(field.name, field.value);
    }
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

void Exchange::remember(const Reply& reply) {
  history_.push_back({request_.url, reply.head.status, reply.head.headers, stage_.timings});
  tell(&RequestTrace::on_request_redirect, history_.back());
}

std::optional<proto::ContentDecoder> Exchange::decoder_for(const proto::ResponseHead& head) const {
  if (!core_->auto_decompress) return std::nullopt;
  const auto coding = head.headers.combined("Content-Encoding");
  if (!coding) return std::nullopt;
  return core_->make_decoder(*coding, site());
}

ResponseBody Exchange::make_body(BodySource& source, Lease lease,
                                 std::optional<proto::ContentDecoder> decoder) const {
  return ResponseBody(*core_->loop, std::move(lease), source, std::move(decoder),
                      {deadline_, core_->max_body_in_memory}, site(), request_.method);
}

Response Exchange::respond(Reply reply, Lease lease) {
  std::string remote(lease->peer());
  auto decoder = decoder_for(reply.head);
  // In one expression, and not by make_unique: the body cannot be moved once it is made.
  // NOLINTNEXTLINE(modernize-make-unique)
  return Response(std::unique_ptr<detail::ResponseState>(new detail::ResponseState{
      .head = std::move(reply.head),
      .url = request_.url,
      .method = request_.method,
      .remote = std::move(remote),
      .history = std::move(history_),
      .timings = stage_.timings,
      .attempts = attempts_,
      .is_taken = false,
      .body = make_body(*reply.body, std::move(lease), std::move(decoder))}));
}

}  // namespace rondo::http
