// The host is taken from the text of the URL: parsing it once more would cost more than all the
// rest.

#include "cli/run_statistics.hpp"

#include <algorithm>
#include <string_view>

#include "rondo/base/ascii.hpp"

#include "cli/url_text.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kMostOfHost = 260;

/// In lower case; as good as it gets for what is no URL.
std::string name_of_host(std::string_view url) {
  const std::string_view host = host_of(url);
  return host.empty() ? "(no URL)" : ascii::lowered(host.substr(0, kMostOfHost));
}

}  // namespace

void RunStatistics::HostRow::add(const TransferResult& result) noexcept {
  ++transfers;
  failed += result.error ? 1 : 0;
  bytes += result.body_bytes;
  total += result.total;
  slowest = std::max(slowest, result.total);
}

void RunStatistics::HostRow::add(const HostRow& other) noexcept {
  transfers += other.transfers;
  failed += other.failed;
  bytes += other.bytes;
  total += other.total;
  slowest = std::max(slowest, other.slowest);
}

void RunStatistics::add(const TransferResult& result) {
  all_.add(result);
  latencies_.add(result.total);
  activity_.add(result.begun + result.total - begun_, result.error.has_value());
  if (result.status != 0) ++by_status_[result.status];
  if (result.error) {
    ErrorRow& row = errors_[{result.error->kind, result.error->class_name}];
    if (row.count++ == 0) {
      row.url = summary_of(result).url;
      row.message = result.error->message;
    }
  }
  std::string host = name_of_host(result.url);
  const bool has_room = hosts_.size() < kHosts || hosts_.contains(host);
  (has_room ? hosts_[std::move(host)] : other_hosts_).add(result);
  if (first_.size() < kShown) first_.push_back(summary_of(result));
  slowest_.add(result);
}

std::vector<std::pair<std::string, RunStatistics::HostRow>> RunStatistics::hosts() const {
  std::vector<std::pair<std::string, HostRow>> rows(hosts_.begin(), hosts_.end());
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second.transfers != b.second.transfers ? a.second.transfers > b.second.transfers
                                                    : a.first < b.first;
  });
  return rows;
}

}  // namespace rondo::cli
