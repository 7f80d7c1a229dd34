// The result always describes the hop under way, so that it is right whenever the transfer ends.

#include "cli/transfer_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "rondo/base/ascii.hpp"
#include "rondo/http/response.hpp"
#include "rondo/runtime/event_loop.hpp"

#include "cli/phases.hpp"
#include "cli/secret_field.hpp"
#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

/// Cuts the first line off `rest`, without its end.
std::string_view next_line(std::string_view& rest) noexcept {
  const std::size_t end = std::min(rest.find("\r\n"), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 2, rest.size()));
  return line;
}

/// The time of `phase` among `timings`.
Clock::duration& time_of(http::Timings& timings, http::Phase phase) noexcept {
  switch (phase) {
    case http::Phase::plan:
    case http::Phase::queue:
      return timings.queued;
    case http::Phase::resolve:
      return timings.dns;
    case http::Phase::connect:
    case http::Phase::proxy:
      return timings.connect;
    case http::Phase::tls:
      return timings.tls;
    case http::Phase::send:
      return timings.send;
    case http::Phase::wait:
      return timings.wait;
    case http::Phase::receive:
      break;
  }
  return timings.receive;
}

}  // namespace

void TransferTrace::on_request_start(std::string_view method, const proto::Url& url) {
  result_.method = method;
  result_.final_url = url.without_credentials();
  result_.status = 0;
  result_.http_version = {};
  result_.headers.clear();
  result_.remote.clear();
  of_hop_ = {};
  hop_begun_ = get_running_loop().now();
  if (options_.keep_hops) {
    result_.hops.emplace_back();
    hop().begun = std::chrono::system_clock::now();
    hop().method = method;
    hop().url = result_.final_url;
  }
}

void TransferTrace::on_connection(std::string_view peer, bool is_reused,
                                  const http::Timings& timings) {
  result_.remote = peer;
  of_hop_ = timings;
  if (options_.keep_hops) hop().remote = peer;
  if (options_.verbosity > 0) {
    show('*', fmt::format("{} {}", is_reused ? "on the connection to" : "connected to", peer));
  }
}

void TransferTrace::on_tls(const tls::TlsInfo& info) {
  if (options_.verbosity == 0) return;
  show('*', fmt::format("{}{}, {}, ALPN: {}", info.version, info.resumed ? " resumed" : "",
                        info.cipher, info.alpn.empty() ? "none" : info.alpn));
  if (options_.verbosity == 1) return;
  const auto certificate = info.peer_certificate();
  if (!certificate) return;
  show('*', fmt::format("certificate: {}; issued by {}; from {} to {}", certificate->subject,
                        certificate->issuer, certificate->not_before, certificate->not_after));
  show('*', fmt::format("its names: {}", fmt::join(certificate->names, ", ")));
}

void TransferTrace::on_request_headers_sent(std::string_view head) {
  if (options_.keep_hops) {
    hop().request_head = head;
    hop().request_bytes = 0;
  }
  if (options_.verbosity == 0) return;
  show('>', next_line(head));
  while (options_.verbosity > 1 && !head.empty()) {
    const std::string_view line = next_line(head);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    show_field('>', line.substr(0, colon), ascii::trim(line.substr(colon + 1)));
  }
}

void TransferTrace::on_request_chunk_sent(std::string_view chunk) {
  if (options_.keep_hops) hop().request_bytes += chunk.size();
}

void TransferTrace::on_response_headers(const proto::ResponseHead& head) {
  result_.status = head.status;
  result_.http_version = head.minor_version == 0 ? "1.0" : "1.1";
  if (options_.keep_headers) result_.headers = head.headers;
  if (options_.keep_hops) note_answer(head);
  if (options_.verbosity == 0) return;
  show('<', fmt::format("HTTP/{} {} {}", result_.http_version, head.status, head.reason));
  if (options_.verbosity == 1) return;
  for (const auto [name, value] : head.headers) show_field('<', name, value);
}

void TransferTrace::on_request_redirect(const http::HistoryEntry& answered) {
  result_.redirects.push_back({answered.status, answered.url.without_credentials()});
  add_timings(answered.timings, result_.timings);
  if (options_.keep_hops) hop().timings = answered.timings;
  of_hop_ = {};
}

void TransferTrace::on_replay(std::string_view reason) {
  if (options_.verbosity > 0) {
    show('*', fmt::format("the kept connection had died ({}): sending again", reason));
  }
}

void TransferTrace::answered(const http::Timings& timings) {
  add_timings(timings, result_.timings);
  of_hop_ = {};
  hop_begun_.reset();
  if (options_.keep_hops && !result_.hops.empty()) {
    add_timings(timings, hop().timings);
    hop().body_bytes = result_.body_bytes;
  }
}

void TransferTrace::failed(std::optional<http::Phase> phase) {
  if (hop_begun_) {
    const http::Phase reached = result_.status != 0       ? http::Phase::receive
                                : !result_.remote.empty() ? http::Phase::wait
                                                          : http::Phase::connect;
    const Clock::duration rest = get_running_loop().now() - *hop_begun_ - of_hop_.total();
    time_of(of_hop_, phase.value_or(reached)) += std::max(rest, Clock::duration::zero());
  }
  answered(of_hop_);
}

void TransferTrace::note(std::string_view text) const {
  if (options_.verbosity > 0) show('*', text);
}

void TransferTrace::note_answer(const proto::ResponseHead& head) {
  hop().status = head.status;
  hop().http_version = result_.http_version;
  hop().reason = head.reason;
  hop().headers = head.headers;
}

void TransferTrace::show(char mark, std::string_view line) const {
  console_.message(fmt::format("[{}] {} {}", number_, mark, printable(line)));
}

void TransferTrace::show_field(char mark, std::string_view name, std::string_view value) const {
  show(mark, fmt::format("{}: {}", name, shown_field_value(name, value)));
}

}  // namespace rondo::cli
