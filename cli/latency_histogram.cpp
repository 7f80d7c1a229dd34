// Below 32 µs a bucket is one microsecond. Above, the leading bit of a value picks a group of 32
// buckets and the five bits behind it the bucket.

#include "cli/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace rondo::cli {

using std::chrono::microseconds;

std::size_t LatencyHistogram::bucket_of(std::uint64_t micros) noexcept {
  if (micros < kStepsPerDoubling) return static_cast<std::size_t>(micros);
  const auto shift = static_cast<std::size_t>(std::bit_width(micros)) - 6;
  return (shift + 1) * kStepsPerDoubling +
         static_cast<std::size_t>((micros >> shift) - kStepsPerDoubling);
}

std::uint64_t LatencyHistogram::upper_end(std::size_t bucket) noexcept {
  if (bucket < kStepsPerDoubling) return bucket;
  const std::size_t shift = bucket / kStepsPerDoubling - 1;
  const std::uint64_t step = bucket % kStepsPerDoubling + kStepsPerDoubling;
  return ((step + 1) << shift) - 1;
}

void LatencyHistogram::add(Clock::duration latency) noexcept {
  const auto micros = std::chrono::duration_cast<microseconds>(latency).count();
  const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(0, micros));
  ++buckets_[std::min(bucket_of(value), buckets_.size() - 1)];
  ++count_;
}

Clock::duration LatencyHistogram::quantile(double fraction) const noexcept {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted && seen > 0) return microseconds(upper_end(bucket));
  }
  return Clock::duration::zero();
}

std::vector<LatencyHistogram::Stretch> LatencyHistogram::stretches(std::size_t steps) const {
  const std::size_t width = kStepsPerDoubling / steps;
  std::vector<Stretch> all;
  std::size_t used = 0;
  for (std::size_t begin = 0; begin < buckets_.size(); begin += width) {
    Stretch stretch{microseconds(upper_end(begin + width - 1) + 1), 0};
    for (std::size_t i = begin; i < begin + width; ++i) stretch.count += buckets_[i];
    if (stretch.count == 0 && all.empty()) continue;
    all.push_back(stretch);
    if (stretch.count > 0) used = all.size();
  }
  all.resize(used);
  return all;
}

}  // namespace rondo::cli
