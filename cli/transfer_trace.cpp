// The result always describes the hop under way, so that it is right whenever the transfer ends.

#include "cli/transfer_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "rondo/base/ascii.hpp"
#include "rondo/http/response.hpp"

#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

bool is_secret(std::string_view field_name) noexcept {
  static constexpr std::array<std::string_view, 4> kSecret = {
      "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie"};
  return std::any_of(kSecret.begin(), kSecret.end(), [&](std::string_view name) {
    return ascii::equal_ignoring_case(name, field_name);
  });
}

/// Cuts the first line off `rest`, without its end.
std::string_view next_line(std::string_view& rest) noexcept {
  const std::size_t end = std::min(rest.find("\r\n"), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 2, rest.size()));
  return line;
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
}

void TransferTrace::on_connection(std::string_view peer, bool is_reused,
                                  const http::Timings& timings) {
  result_.remote = peer;
  of_hop_ = timings;
  if (options_.verbosity > 0) {
    show('*', fmt::format("{} {}", is_reused ? "on the connection to" : "connected to", peer));
  }
}

void TransferTrace::on_request_headers_sent(std::string_view head) {
  if (options_.verbosity == 0) return;
  show('>', next_line(head));
  while (options_.verbosity > 1 && !head.empty()) {
    const std::string_view line = next_line(head);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    show_field('>', line.substr(0, colon), ascii::trim(line.substr(colon + 1)));
  }
}

void TransferTrace::on_response_headers(const proto::ResponseHead& head) {
  result_.status = head.status;
  result_.http_version = head.minor_version == 0 ? "1.0" : "1.1";
  if (options_.keep_headers) result_.headers = head.headers;
  if (options_.verbosity == 0) return;
  show('<', fmt::format("HTTP/{} {} {}", result_.http_version, head.status, head.reason));
  if (options_.verbosity == 1) return;
  for (const auto [name, value] : head.headers) show_field('<', name, value);
}

void TransferTrace::on_request_redirect(const http::HistoryEntry& answered) {
  result_.redirects.push_back({answered.status, answered.url.without_credentials()});
  add(answered.timings);
  of_hop_ = {};
}

void TransferTrace::on_replay(std::string_view reason) {
  if (options_.verbosity > 0) {
    show('*', fmt::format("the kept connection had died ({}): sending again", reason));
  }
}

void TransferTrace::answered(const http::Timings& timings) {
  add(timings);
  of_hop_ = {};
}

void TransferTrace::failed() {
  answered(of_hop_);
}

void TransferTrace::note(std::string_view text) const {
  if (options_.verbosity > 0) show('*', text);
}

void TransferTrace::add(const http::Timings& timings) {
  http::Timings& sum = result_.timings;
  sum.queued += timings.queued;
  sum.dns += timings.dns;
  sum.connect += timings.connect;
  sum.tls += timings.tls;
  sum.send += timings.send;
  sum.wait += timings.wait;
  sum.receive += timings.receive;
}

void TransferTrace::show(char mark, std::string_view line) const {
  console_.message(fmt::format("[{}] {} {}", number_, mark, printable(line)));
}

void TransferTrace::show_field(char mark, std::string_view name, std::string_view value) const {
  show(mark, fmt::format("{}: {}", name, is_secret(name) ? "[hidden]" : value));
}

}  // namespace rondo::cli
