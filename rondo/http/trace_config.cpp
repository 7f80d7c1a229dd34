// Several traces look like one to whoever tells.

#include "rondo/http/trace_config.hpp"

#include <utility>

#include "rondo/http/request.hpp"

namespace rondo::http {
namespace {

class TraceGroup final : public RequestTrace {
 public:
  void add(RequestTrace* trace) { all_.push_back(trace); }
  void add(std::unique_ptr<RequestTrace> trace) {
    if (trace == nullptr) return;
    all_.push_back(trace.get());
    own_.push_back(std::move(trace));
  }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

  void on_request_start(std::string_view method, const proto::Url& url) override {
    tell(&RequestTrace::on_request_start, method, url);
  }
  void on_connection_queued_start() override { tell(&RequestTrace::on_connection_queued_start); }
  void on_connection_queued_end() override { tell(&RequestTrace::on_connection_queued_end); }
  void on_connection_create_start() override { tell(&RequestTrace::on_connection_create_start); }
  void on_connection_create_end() override { tell(&RequestTrace::on_connection_create_end); }
  void on_connection_reuseconn() override { tell(&RequestTrace::on_connection_reuseconn); }
  void on_dns_cache_hit(std::string_view host) override {
    tell(&RequestTrace::on_dns_cache_hit, host);
  }
  void on_dns_cache_miss(std::string_view host) override {
    tell(&RequestTrace::on_dns_cache_miss, host);
  }
  void on_dns_resolvehost_start(std::string_view host) override {
    tell(&RequestTrace::on_dns_resolvehost_start, host);
  }
  void on_dns_resolvehost_end(std::string_view host) override {
    tell(&RequestTrace::on_dns_resolvehost_end, host);
  }
  void on_connection(std::string_view peer, bool is_reused, const Timings& timings) override {
    tell(&RequestTrace::on_connection, peer, is_reused, timings);
  }
  void on_tls(const tls::TlsInfo& info) override { tell(&RequestTrace::on_tls, info); }
  void on_request_headers_sent(std::string_view head) override {
    tell(&RequestTrace::on_request_headers_sent, head);
  }
  void on_request_chunk_sent(std::string_view chunk) override {
    tell(&RequestTrace::on_request_chunk_sent, chunk);
  }
  void on_informational_response(const proto::ResponseHead& head) override {
    tell(&RequestTrace::on_informational_response, head);
  }
  void on_response_headers(const proto::ResponseHead& head) override {
    tell(&RequestTrace::on_response_headers, head);
  }
  void on_request_redirect(const HistoryEntry& answered) override {
    tell(&RequestTrace::on_request_redirect, answered);
  }
  Task<> before_redirect() override {
    for (RequestTrace* trace : all_) co_await trace->before_redirect();
  }
  void on_replay(std::string_view reason) override { tell(&RequestTrace::on_replay, reason); }
  void on_policy(std::string_view policy, std::string_view event) override {
    tell(&RequestTrace::on_policy, policy, event);
  }
  void on_request_end(const Response& response) override {
    tell(&RequestTrace::on_request_end, response);
  }
  void on_request_exception(const std::exception_ptr& error) override {
    tell(&RequestTrace::on_request_exception, error);
  }
  void on_response_chunk_received(std::string_view chunk) override {
    tell(&RequestTrace::on_response_chunk_received, chunk);
  }

 private:
  template <class... Parameters, class... Arguments>
  void tell(void (RequestTrace::*what)(Parameters...), const Arguments&... arguments) const {
    for (RequestTrace* trace : all_) (trace->*what)(arguments...);
  }

  std::vector<RequestTrace*> all_;
  std::vector<std::unique_ptr<RequestTrace>> own_;
};

}  // namespace

std::shared_ptr<RequestTrace> make_traces(const std::vector<TraceConfig>& configs,
                                          const Request& request) {
  auto group = std::make_shared<TraceGroup>();
  if (request.trace != nullptr) group->add(request.trace);
  for (const TraceConfig& make : configs) {
    group->add(make({request.method, request.url, request.trace_request_ctx}));
  }
  return group->empty() ? nullptr : group;
}

}  // namespace rondo::http
