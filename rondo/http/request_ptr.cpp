// There is no URL that says nothing, so a new request has one that nobody asks for.

#include "rondo/http/request_ptr.hpp"

#include <utility>

namespace rondo::http {
namespace {

constexpr std::string_view kNoUrl = "http://none/";  // so short that it takes no memory

}  // namespace

RecycledRequest::RecycledRequest()
    : Request{.method = {},
              .url = proto::Url::parse(kNoUrl).value(),
              .headers = {},
              .body = {},
              .timeout = {},
              .middlewares = nullptr,
              .status_check = nullptr,
              .skip_auto_headers = {},
              .wish = nullptr} {}

void RecycledRequest::clear() noexcept {
  if (url.href().size() > kMostRecycled) {
    auto none = proto::Url::parse(kNoUrl).value();
    std::swap(url, none);  // see `free_memory`
  }
  if (!headers.empty()) {
    if (headers.memory() > kMostRecycled) free_memory(headers);
    headers.clear();
  }
  is_upgraded = false;
  http1.reset();
  expect100 = false;
  max_redirects = kNoOptions.max_redirects;
  trace = nullptr;
  trace_request_ctx = nullptr;
  const bool is_plain =
      !body && !middlewares && !status_check && skip_auto_headers.empty() && !own_trace && !wish;
  if (is_plain) return;
  body.reset();
  middlewares = nullptr;
  status_check = nullptr;
  skip_auto_headers.clear();
  own_trace = nullptr;
  wish = nullptr;
}

RequestPtr copy_of(const Request& request) {
  auto copy = make_recycled<RecycledRequest>();
  static_cast<Request&>(*copy) = request;
  return copy;
}

}  // namespace rondo::http
