// One function a part of the entry, in the order of the format's description
// (w3c.github.io/web-performance/specs/HAR/Overview.html). What is not known is -1, or an empty
// text, as it says. Times are milliseconds; `connect` has `ssl` in it.

#include "cli/har_entry.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include "rondo/base/ascii.hpp"

#include "cli/json_writer.hpp"
#include "cli/secret_field.hpp"

namespace rondo::cli {
namespace {

/// Cuts what is in front of `separator` off `rest`.
std::string_view cut(std::string_view& rest, std::string_view separator) noexcept {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + separator.size(), rest.size()));
  return part;
}

/// The fields of a request head, each as `take(name, value)`.
template <class Take>
void for_each_field(std::string_view head, Take take) {
  cut(head, "\r\n");
  while (!head.empty()) {
    std::string_view value = cut(head, "\r\n");
    const std::string_view name = cut(value, ":");
    if (!name.empty()) take(name, ascii::trim(value));
  }
}

void write_pair(JsonWriter& json, std::string_view name, std::string_view value) {
  json.begin_object();
  json.key("name");
  json.field_text(name);
  json.key("value");
  json.field_text(value);
  json.end_object();
}

void write_field(JsonWriter& json, std::string_view name, std::string_view value, bool secrets) {
  write_pair(json, name, secrets ? std::string(value) : shown_field_value(name, value));
}

/// The pairs of a Cookie or, with `only_first`, of a Set-Cookie, whose others are attributes.
void write_cookies(JsonWriter& json, std::string_view value, bool only_first) {
  do {
    std::string_view text = ascii::trim(cut(value, ";"));
    const std::string_view name = cut(text, "=");
    if (!name.empty()) write_pair(json, name, text);
  } while (!value.empty() && !only_first);
}

/// `for_each(take)` gives each field of the message; `cookies` is the one that has its cookies.
template <class ForEach>
void write_fields(JsonWriter& json, ForEach for_each, std::string_view cookies, bool secrets) {
  json.key("headers");
  json.begin_array();
  for_each([&](auto name, auto value) { write_field(json, name, value, secrets); });
  json.end_array();
  json.key("cookies");
  json.begin_array();
  for_each([&](auto name, auto value) {
    const bool has_cookies = secrets && ascii::equal_ignoring_case(name, cookies);
    if (has_cookies) write_cookies(json, value, cookies == "Set-Cookie");
  });
  json.end_array();
}

void write_query(JsonWriter& json, std::string_view url) {
  json.key("queryString");
  json.begin_array();
  std::string_view query = url.substr(0, url.find('#'));
  cut(query, "?");
  while (!query.empty()) {
    std::string_view value = cut(query, "&");
    const std::string_view name = cut(value, "=");
    write_pair(json, name, value);
  }
  json.end_array();
}

void write_request(JsonWriter& json, const RecordedHop& hop, bool secrets) {
  json.key("request");
  json.begin_object();
  json.key("method");
  json.string(hop.method);
  json.key("url");
  json.string(hop.url);
  json.key("httpVersion");
  json.string(hop.request_head.empty() ? "" : "HTTP/1.1");
  write_fields(json, [&](auto take) { for_each_field(hop.request_head, take); }, "Cookie", secrets);
  write_query(json, hop.url);
  json.key("headersSize");
  json.integer(hop.request_head.empty() ? -1 : static_cast<std::int64_t>(hop.request_head.size()));
  json.key("bodySize");
  json.number(hop.request_bytes);
  json.end_object();
}

/// Before decoding; known when the server has announced it.
std::int64_t encoded_size(const RecordedHop& hop) {
  const std::string_view length = hop.headers.get("Content-Length").value_or("");
  const bool is_number = !length.empty() && length.size() < 19 &&
                         std::all_of(length.begin(), length.end(), ascii::is_digit);
  if (!is_number || hop.method == "HEAD") return -1;
  return std::stoll(std::string(length));
}

void write_content(JsonWriter& json, const RecordedHop& hop) {
  json.key("content");
  json.begin_object();
  json.key("size");
  json.number(hop.body_bytes);
  json.key("mimeType");
  json.field_text(hop.headers.get("Content-Type").value_or(""));
  json.end_object();
}

void write_response(JsonWriter& json, const RecordedHop& hop, std::string_view error,
                    bool secrets) {
  json.key("response");
  json.begin_object();
  json.key("status");
  json.integer(hop.status);
  json.key("statusText");
  json.field_text(hop.reason);
  json.key("httpVersion");
  json.string(hop.http_version.empty() ? "" : fmt::format("HTTP/{}", hop.http_version));
  const auto for_each = [&](auto take) {
    for (const auto [name, value] : hop.headers) take(name, value);
  };
  write_fields(json, for_each, "Set-Cookie", secrets);
  write_content(json, hop);
  json.key("redirectURL");
  json.field_text(shown_field_value("Location", hop.headers.get("Location").value_or("")));
  json.key("headersSize");
  json.integer(-1);
  json.key("bodySize");
  json.integer(error.empty() ? encoded_size(hop) : -1);
  if (!error.empty()) {
    json.key("_error");
    json.string(error);
  }
  json.end_object();
}

void write_timings(JsonWriter& json, const http::Timings& timings) {
  const auto phase = [&](std::string_view name, Clock::duration time, bool has_happened) {
    json.key(name);
    if (has_happened) {
      json.milliseconds(time);
    } else {
      json.integer(-1);
    }
  };
  const Clock::duration none{};
  json.key("timings");
  json.begin_object();
  phase("blocked", timings.queued, true);
  phase("dns", timings.dns, timings.dns > none);
  phase("connect", timings.connect + timings.tls, timings.connect + timings.tls > none);
  phase("ssl", timings.tls, timings.tls > none);
  phase("send", timings.send, true);
  phase("wait", timings.wait, true);
  phase("receive", timings.receive, true);
  json.end_object();
}

/// "127.0.0.1" of "127.0.0.1:80", "::1" of "[::1]:80".
std::string_view address_of(std::string_view remote) noexcept {
  std::string_view address = remote.substr(0, remote.rfind(':'));
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  return address;
}

}  // namespace

std::string har_time(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)),
                     millis % 1000);
}

void append_har_entry(const RecordedHop& hop, std::string_view error, bool shows_secrets,
                      std::string& out) {
  JsonWriter json(out);
  json.begin_object();
  json.key("pageref");
  json.string(kHarPage);
  json.key("startedDateTime");
  json.string(har_time(hop.begun));
  json.key("time");
  json.milliseconds(hop.timings.total());
  write_request(json, hop, shows_secrets);
  write_response(json, hop, error, shows_secrets);
  json.key("cache");
  json.begin_object();
  json.end_object();
  write_timings(json, hop.timings);
  if (!hop.remote.empty()) {
    json.key("serverIPAddress");
    json.string(address_of(hop.remote));
  }
  json.end_object();
}

}  // namespace rondo::cli
