// One function a part of the object, in the order of the contract.

#include "cli/result_json.hpp"

#include <string_view>

#include "rondo/proto/base64.hpp"

#include "cli/json_writer.hpp"

namespace rondo::cli {
namespace {

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty()) {
    json.null();
  } else {
    json.string(text);
  }
}

void write_request(JsonWriter& json, const TransferResult& result) {
  json.key("url");
  json.string(result.url);
  write_text(json, "final_url", result.final_url);
  write_text(json, "method", result.method);
}

void write_headers(JsonWriter& json, const proto::HeaderMap& headers) {
  json.key("headers");
  json.begin_array();
  for (const auto [name, value] : headers) {
    json.begin_array();
    json.field_text(name);
    json.field_text(value);
    json.end_array();
  }
  json.end_array();
}

void write_answer(JsonWriter& json, const TransferResult& result) {
  json.key("status");
  if (result.status == 0) {
    json.null();
  } else {
    json.number(static_cast<std::uint64_t>(result.status));
  }
  write_text(json, "http_version", result.http_version);
  write_headers(json, result.headers);
}

void write_body(JsonWriter& json, const TransferResult& result) {
  json.key("body_bytes");
  json.number(result.body_bytes);
  write_text(json, "body_sha256", result.body_sha256);
  if (result.body) {
    json.key("body_base64");
    json.string(proto::base64_encode(*result.body));
  }
  write_text(json, "saved_to", result.saved_to);
  if (result.unfetched == Unfetched::no) return;
  json.key("skipped");
  json.string(result.unfetched == Unfetched::exists ? "exists" : "not_modified");
}

void write_error(JsonWriter& json, const std::optional<TransferError>& error) {
  json.key("error");
  if (!error) return json.null();
  json.begin_object();
  json.key("kind");
  json.string(to_string(error->kind));
  json.key("class");
  json.string(error->class_name);
  write_text(json, "phase", error->phase);
  json.key("message");
  json.string(error->message);
  json.end_object();
}

void write_redirects(JsonWriter& json, const std::vector<FollowedRedirect>& redirects) {
  json.key("redirects");
  json.begin_array();
  for (const FollowedRedirect& redirect : redirects) {
    json.begin_object();
    json.key("status");
    json.number(static_cast<std::uint64_t>(redirect.status));
    json.key("url");
    json.string(redirect.url);
    json.end_object();
  }
  json.end_array();
}

void write_timings(JsonWriter& json, const TransferResult& result) {
  const auto phase = [&](std::string_view name, Clock::duration duration) {
    json.key(name);
    json.seconds(duration);
  };
  const http::Timings& timings = result.timings;
  json.key("timings");
  json.begin_object();
  phase("queued", timings.queued);
  phase("dns", timings.dns);
  phase("connect", timings.connect);
  phase("tls", timings.tls);
  phase("send", timings.send);
  phase("wait", timings.wait);
  phase("receive", timings.receive);
  phase("total", result.total);
  json.end_object();
}

}  // namespace

void append_json_line(const TransferResult& result, std::string& out) {
  JsonWriter json(out);
  json.begin_object();
  write_request(json, result);
  write_answer(json, result);
  write_body(json, result);
  write_error(json, result.error);
  write_redirects(json, result.redirects);
  json.key("attempts");
  json.number(result.attempts);
  write_text(json, "remote", result.remote);
  write_timings(json, result);
  json.end_object();
  out += '\n';
}

}  // namespace rondo::cli
