#pragma once
// What is behind a `Response`.

#include <memory>
#include <string>
#include <vector>

#include "rondo/http/response.hpp"
#include "rondo/http/response_body.hpp"
#include "rondo/http/timings.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/tls/tls_info.hpp"

namespace rondo::http::detail {

struct ResponseState {
  proto::ResponseHead head;
  proto::Url url;
  std::string method;
  std::string remote;
  std::shared_ptr<const tls::TlsInfo> tls;
  std::vector<HistoryEntry> history;
  std::vector<proto::ResponseHead> informational;
  Timings timings;
  unsigned attempts = 1;
  bool is_taken = false;
  std::unique_ptr<BodySource> own_source;   ///< of a response that no server has given
  std::shared_ptr<RequestTrace> own_trace;  ///< made by the session; outlives the body
  ResponseBody body;
};

}  // namespace rondo::http::detail
