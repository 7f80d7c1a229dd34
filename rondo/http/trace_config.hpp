#pragma once
// Traces that a session makes for each of its requests.
//
//   class Slow final : public RequestTrace { ... };
//   ClientSession session({.trace_configs = {[](const TraceRequest&) {
//     return std::make_unique<Slow>();
//   }}});

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "rondo/http/request_trace.hpp"
#include "rondo/proto/url.hpp"

namespace rondo::http {

struct Request;

/// What is known of a request when its trace is made.
struct TraceRequest {
  std::string_view method;
  const proto::Url& url;
  const void* trace_request_ctx;  ///< of `RequestOptions`
};

/// Makes the trace of one request, which is kept until the request has failed or its response has
/// gone: what aiohttp keeps in a `trace_config_ctx` are its members. Null: this request is not
/// traced.
using TraceConfig = std::function<std::unique_ptr<RequestTrace>(const TraceRequest&)>;

/// All traces of `request`: its own in front, then those that `configs` make. Null: none.
[[nodiscard]] std::shared_ptr<RequestTrace> make_traces(const std::vector<TraceConfig>& configs,
                                                        const Request& request);

}  // namespace rondo::http
