// The format: prometheus.io/docs/instrumenting/exposition_formats. Families are whole and apart
// from each other, counters end in _total, durations are seconds.

#include "cli/transfer_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/utf8.hpp"

#include "cli/phases.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr std::array<std::string_view, 5> kTaken = {"code", "kind", "le", "outcome", "phase"};

bool is_label_name(std::string_view name) noexcept {
  const auto fits = [](char c) { return ascii::is_alnum(c) || c == '_'; };
  return !name.empty() && !ascii::is_digit(name.front()) && !name.starts_with("__") &&
         std::all_of(name.begin(), name.end(), fits);
}

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string seconds(Clock::duration duration) {
  return fmt::format("{:.6f}", std::chrono::duration<double>(duration).count());
}

void append_head(std::string_view name, std::string_view type, std::string_view help,
                 std::string& out) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

}  // namespace

std::pair<std::string, std::string> parse_metric_label(std::string_view option,
                                                       std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view name = text.substr(0, equals);
  const std::string shown = std::string(option) + " '" + printable(text) + "'";
  if (equals == text.size()) throw UsageError(shown + ": NAME=VALUE is needed");
  if (!is_label_name(name)) {
    throw UsageError(shown + ": a name has letters, digits and _, and begins with no digit or __");
  }
  if (std::find(kTaken.begin(), kTaken.end(), name) != kTaken.end()) {
    throw UsageError(shown + ": the label " + std::string(name) + " has a meaning already");
  }
  const std::string_view value = text.substr(equals + 1);
  if (!proto::is_valid_utf8(value)) throw UsageError(shown + ": the value is not UTF-8");
  return {std::string(name), std::string(value)};
}

TransferMetrics::TransferMetrics(const MetricLabels& labels, SystemTime begun) : begun_(begun) {
  for (const auto& [name, value] : labels) {
    labels_ += fmt::format("{}{}=\"{}\"", labels_.empty() ? "" : ",", name, escaped(value));
  }
}

void TransferMetrics::add(const TransferResult& result) {
  ++(result.error ? failed_ : succeeded_);
  if (result.error) ++by_kind_[static_cast<std::size_t>(result.error->kind)];
  if (result.status != 0) ++by_status_[result.status];
  retries_ += result.attempts > 1 ? result.attempts - 1 : 0;
  redirects_ += result.redirects.size();
  bytes_ += result.body_bytes;
  const auto fits = [&](unsigned ms) { return result.total <= std::chrono::milliseconds(ms); };
  const auto bucket = std::find_if(kBuckets.begin(), kBuckets.end(), fits) - kBuckets.begin();
  if (static_cast<std::size_t>(bucket) < durations_.size()) {
    ++durations_[static_cast<std::size_t>(bucket)];
  }
  total_ += result.total;
  add_timings(result.timings, phases_);
}

std::string TransferMetrics::text(const Gauges& now) const {
  std::string out;
  append_outcomes(out);
  append_amounts(out);
  append_phases(out);
  append_durations(out);
  append_gauges(now, out);
  return out;
}

void TransferMetrics::append_outcomes(std::string& out) const {
  constexpr std::string_view kTransfers = "rondo_fetch_transfers_total";
  append_head(kTransfers, "counter", "Transfers that have ended.", out);
  append_count(kTransfers, "outcome=\"ok\"", succeeded_, out);
  append_count(kTransfers, "outcome=\"failed\"", failed_, out);

  constexpr std::string_view kErrors = "rondo_fetch_errors_total";
  append_head(kErrors, "counter", "Transfers that have failed, by the kind of their error.", out);
  for (std::size_t i = 0; i < kErrorKinds; ++i) {
    const auto kind = to_string(static_cast<ErrorKind>(i));
    append_count(kErrors, fmt::format("kind=\"{}\"", kind), by_kind_[i], out);
  }

  constexpr std::string_view kResponses = "rondo_fetch_responses_total";
  append_head(kResponses, "counter", "Final answers, by their status code.", out);
  for (const auto& [status, count] : by_status_) {
    append_count(kResponses, fmt::format("code=\"{}\"", status), count, out);
  }
}

void TransferMetrics::append_amounts(std::string& out) const {
  const auto counter = [&](std::string_view name, std::string_view help, std::uint64_t value) {
    append_head(name, "counter", help, out);
    append_count(name, "", value, out);
  };
  counter("rondo_fetch_retries_total", "Tries after the first one of a transfer.", retries_);
  counter("rondo_fetch_redirects_total", "Redirects that were followed.", redirects_);
  counter("rondo_fetch_body_bytes_total", "Bytes of decoded bodies.", bytes_);
}

void TransferMetrics::append_phases(std::string& out) const {
  constexpr std::string_view kName = "rondo_fetch_phase_seconds_total";
  append_head(kName, "counter", "Time that transfers have spent in each phase.", out);
  for (const Phase& phase : kPhases) {
    const std::string time = seconds(phases_.*phase.time);
    append_series(kName, fmt::format("phase=\"{}\"", phase.name), time, out);
  }
}

void TransferMetrics::append_durations(std::string& out) const {
  constexpr std::string_view kBucket = "rondo_fetch_duration_seconds_bucket";
  append_head("rondo_fetch_duration_seconds", "histogram",
              "From the start of a transfer to its end, retries included.", out);
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    count += durations_[i];
    append_count(kBucket, fmt::format("le=\"{}\"", kBuckets[i] / 1000.0), count, out);
  }
  append_count(kBucket, "le=\"+Inf\"", succeeded_ + failed_, out);
  append_series("rondo_fetch_duration_seconds_sum", "", seconds(total_), out);
  append_count("rondo_fetch_duration_seconds_count", "", succeeded_ + failed_, out);
}

void TransferMetrics::append_gauges(const Gauges& now, std::string& out) const {
  const auto gauge = [&](std::string_view name, std::string_view help, std::string_view value) {
    append_head(name, "gauge", help, out);
    append_series(name, "", value, out);
  };
  const std::chrono::duration<double> begun = begun_.time_since_epoch();
  gauge("rondo_fetch_running", "Whether the run goes on.", now.is_running ? "1" : "0");
  gauge("rondo_fetch_start_time_seconds", "When the run began, in seconds since 1970.",
        fmt::format("{:.3f}", begun.count()));
  gauge("rondo_fetch_transfers_in_flight", "Transfers under way.", std::to_string(now.in_flight));
  if (now.expected) {
    gauge("rondo_fetch_transfers_expected", "How many transfers the run will have.",
          std::to_string(*now.expected));
  }
}

void TransferMetrics::append_series(std::string_view name, std::string_view label,
                                    std::string_view value, std::string& out) const {
  const std::string_view comma = labels_.empty() || label.empty() ? "" : ",";
  out += name;
  if (!labels_.empty() || !label.empty()) {
    fmt::format_to(std::back_inserter(out), "{{{}{}{}}}", labels_, comma, label);
  }
  out += ' ';
  out += value;
  out += '\n';
}

void TransferMetrics::append_count(std::string_view name, std::string_view label,
                                   std::uint64_t value, std::string& out) const {
  append_series(name, label, std::to_string(value), out);
}

}  // namespace rondo::cli
