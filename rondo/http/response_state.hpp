#pragma once
// What is behind a `Response`.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rondo/base/recycled.hpp"
#include "rondo/http/connection.hpp"
#include "rondo/http/request_ptr.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/response_body.hpp"
#include "rondo/http/timings.hpp"
#include "rondo/tls/tls_info.hpp"

namespace rondo::http::detail {

/// Is there from the first bytes of the answer on: a request that waits for them has none.
struct ResponseState {
  Reply reply;
  const Request* request = nullptr;  ///< that gave the response: its method and URL
  RequestPtr own_request;            ///< the same, once nobody else keeps it
  std::string remote;
  std::shared_ptr<const tls::TlsInfo> tls;
  std::vector<HistoryEntry> history;
  Timings timings;
  unsigned attempts = 1;
  bool is_taken = false;
  std::unique_ptr<BodySource> own_source;  ///< of a response that no server has given
  std::optional<ResponseBody> body;        ///< there once the response is

  /// The response outlives whoever has sent `sent`, its request.
  void keep(RequestPtr sent) noexcept;

  /// See `RecycledPtr`.
  void clear() noexcept;
};

}  // namespace rondo::http::detail
