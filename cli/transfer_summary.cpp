// A heap with the fastest of the slowest at its front: a transfer that is faster is not even
// copied.

#include "cli/transfer_summary.hpp"

#include <algorithm>
#include <utility>

#include "cli/terminal_text.hpp"
#include "cli/url_text.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kMostOfUrl = 2000;

bool took_longer(const TransferSummary& a, const TransferSummary& b) noexcept {
  return a.total > b.total;
}

}  // namespace

TransferSummary summary_of(const TransferResult& result) {
  TransferSummary summary;
  summary.method = result.method;
  summary.url = without_credentials(result.url);
  if (summary.url.size() > kMostOfUrl) {
    summary.url.resize(kMostOfUrl);
    summary.url += "...";
  }
  summary.status = result.status;
  if (result.error) summary.error = result.error->kind;
  summary.bytes = result.body_bytes;
  summary.attempts = result.attempts;
  summary.redirects = result.redirects.size();
  summary.begun = result.begun;
  summary.total = result.total;
  summary.timings = result.timings;
  return summary;
}

void SlowestTransfers::add(const TransferResult& result) {
  if (heap_.size() == limit_) {
    if (result.total <= heap_.front().total) return;
    std::pop_heap(heap_.begin(), heap_.end(), took_longer);
    heap_.pop_back();
  }
  heap_.push_back(summary_of(result));
  std::push_heap(heap_.begin(), heap_.end(), took_longer);
}

std::vector<TransferSummary> SlowestTransfers::sorted() const {
  std::vector<TransferSummary> slowest = heap_;
  std::sort(slowest.begin(), slowest.end(), took_longer);
  return slowest;
}

}  // namespace rondo::cli
