#pragma once
// Answers as `nlohmann::json`. The one header that needs a library of somebody else; include it
// where `json()` is used.

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "rondo/http/response.hpp"
#include "rondo/proto/media_type.hpp"

namespace rondo::http {

template <>
struct detail::JsonOf<void> {
  using type = nlohmann::json;
};

template <class T>
Task<typename detail::JsonOf<T>::type> Response::json() {
  const auto type = proto::MediaType::of_message(headers().get("Content-Type"));
  if (!type.is_json()) {
    throw ContentTypeError(site(), "the answer is no JSON: its content type is " + type.essence(),
                           status(), headers());
  }
  const std::string body = co_await text();
  auto value = nlohmann::json::parse(body, nullptr, false);
  if (value.is_discarded()) throw ClientPayloadError(site(), "the body is no valid JSON");
  co_return value;
}

}  // namespace rondo::http
