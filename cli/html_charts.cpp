// Coordinates are those of the viewBox; the page scales the drawing to its width.

#include "cli/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "cli/append.hpp"
#include "cli/html_text.hpp"
#include "cli/phases.hpp"
#include "cli/tally.hpp"

namespace rondo::cli {
namespace {

constexpr double kWidth = 640;
constexpr double kHeight = 176;
constexpr double kTop = 26;  // room for the names of lines
constexpr double kBottom = 150;

std::string opened_svg(std::string_view title) {
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", kWidth,
                     kHeight, title);
}

void append_bar(double x, double width, double share, double lift, std::string_view name,
                std::string_view title, std::string& out) {
  const double height = share * (kBottom - kTop);
  append(out,
         "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\">"
         "<title>{}</title></rect>\n",
         name, x, kBottom - height - lift * (kBottom - kTop), std::max(width - 1, 0.5), height,
         title);
}

void append_axis(std::string& out) {
  append(out, "<line class=\"grid\" x1=\"0\" x2=\"{0}\" y1=\"{1}\" y2=\"{1}\"/>\n", kWidth,
         kBottom);
}

void append_label(double x, double y, std::string_view text, std::string& out) {
  const std::string_view anchor = x < 40 ? "start" : x > kWidth - 40 ? "end" : "middle";
  append(out, "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, text);
}

/// As many stretches a doubling as leave bars that can be seen.
std::vector<LatencyHistogram::Stretch> fitting_stretches(const LatencyHistogram& latencies) {
  std::vector<LatencyHistogram::Stretch> stretches;
  for (const std::size_t steps : {8U, 4U, 2U, 1U}) {
    stretches = latencies.stretches(steps);
    if (stretches.size() <= 64) break;
  }
  return stretches;
}

/// Lines at percentiles, whose names are pushed apart where they would overlap.
void append_percentiles(const LatencyHistogram& latencies,
                        std::span<const LatencyHistogram::Stretch> stretches, std::string& out) {
  constexpr std::array<std::pair<double, std::string_view>, 3> kShown = {
      {{0.5, "p50"}, {0.95, "p95"}, {0.99, "p99"}}};
  constexpr double kNameWidth = 38;
  const double step = kWidth / static_cast<double>(stretches.size());
  double free_from = 0;
  double free_to = kWidth - kShown.size() * kNameWidth;
  for (const auto& [fraction, name] : kShown) {
    const auto end = latencies.quantile(fraction);
    const auto at = std::find_if(stretches.begin(), stretches.end(),
                                 [&](const auto& stretch) { return end < stretch.end; });
    const double x = (static_cast<double>(at - stretches.begin()) + 0.5) * step;
    append(out, "<line class=\"mark\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>\n", x,
           kTop - 4, kBottom);
    const double text = std::min(std::max(x, free_from), free_to);
    append_label(text, kTop - 7, name, out);
    free_from = text + kNameWidth;
    free_to += kNameWidth;
  }
}

void append_times(std::span<const LatencyHistogram::Stretch> stretches, std::string& out) {
  const double step = kWidth / static_cast<double>(stretches.size());
  const std::size_t every = std::max<std::size_t>(1, stretches.size() / 5);
  for (std::size_t i = 0; i < stretches.size(); i += every) {
    append_label((static_cast<double>(i) + 0.5) * step, kBottom + 19,
                 readable_time(stretches[i].end), out);
  }
}

struct Part {
  std::string_view name;
  Clock::duration time;
};

/// The phases that there were, and the waiting between tries.
std::vector<Part> parts_of(const TransferSummary& transfer) {
  std::vector<Part> parts;
  parts.reserve(kPhases.size() + 1);
  for (const Phase& phase : kPhases) parts.push_back({phase.name, transfer.timings.*phase.time});
  parts.push_back({"between", transfer.total - transfer.timings.total()});
  std::erase_if(parts, [](const Part& part) { return part.time <= Clock::duration::zero(); });
  return parts;
}

double seconds(Clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

void append_track(const TransferSummary& transfer, Clock::duration start, double scale,
                  std::string& out) {
  const std::vector<Part> parts = parts_of(transfer);
  std::string spoken = fmt::format("starts at {}", readable_time(start));
  for (const Part& part : parts) append(spoken, ", {} {}", part.name, readable_time(part.time));
  append(out, "<div class=\"track\" title=\"{}\">", spoken);
  double left = seconds(start) * scale;
  for (const Part& part : parts) {
    const double width = std::min(seconds(part.time) * scale, 100 - left);
    append(out, "<i class=\"{}\" style=\"left:{:.2f}%;width:{:.2f}%\"></i>", part.name, left,
           width);
    left += width;
  }
  out += "</div>";
}

}  // namespace

std::string latency_chart(const LatencyHistogram& latencies) {
  const auto stretches = fitting_stretches(latencies);
  std::string out = opened_svg("How long transfers took");
  append_axis(out);
  if (!stretches.empty()) {
    const auto most = std::max_element(stretches.begin(), stretches.end(), [](auto& a, auto& b) {
                        return a.count < b.count;
                      })->count;
    const double step = kWidth / static_cast<double>(stretches.size());
    for (std::size_t i = 0; i < stretches.size(); ++i) {
      const auto& [end, count] = stretches[i];
      if (count == 0) continue;
      const std::string title = fmt::format("{} below {}", count, readable_time(end));
      append_bar(static_cast<double>(i) * step, step,
                 static_cast<double>(count) / static_cast<double>(most), 0, "bar", title, out);
    }
    append_percentiles(latencies, stretches, out);
    append_times(stretches, out);
  }
  return out + "</svg>\n";
}

std::string activity_chart(const Activity& activity) {
  std::string out = opened_svg("Transfers that ended, over time");
  append_axis(out);
  const auto slots = activity.slots();
  std::uint64_t most = 1;
  for (const auto& slot : slots) most = std::max(most, slot.succeeded + slot.failed);
  const double step = kWidth / static_cast<double>(std::max<std::size_t>(slots.size(), 1));
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const double x = static_cast<double>(i) * step;
    const double failed = static_cast<double>(slots[i].failed) / static_cast<double>(most);
    const double well = static_cast<double>(slots[i].succeeded) / static_cast<double>(most);
    const auto begin = activity.width() * static_cast<Clock::rep>(i);
    const std::string title = fmt::format("from {}: {} ok, {} failed", readable_time(begin),
                                          slots[i].succeeded, slots[i].failed);
    if (slots[i].succeeded > 0) append_bar(x, step, well, failed, "done", title, out);
    if (slots[i].failed > 0) append_bar(x, step, failed, 0, "failed", title, out);
  }
  append_label(0, kBottom + 19, "0 s", out);
  append_label(kWidth, kBottom + 19,
               readable_time(activity.width() * static_cast<Clock::rep>(slots.size())), out);
  append_label(
      0, kTop - 7,
      fmt::format("{:.0f}/s at most", static_cast<double>(most) / seconds(activity.width())), out);
  return out + "</svg>\n";
}

std::string waterfall(std::span<const TransferSummary> transfers, const Clock::time_point* begun) {
  Clock::duration whole(1);
  const auto start_of = [&](const TransferSummary& transfer) {
    const Clock::duration none{};
    return begun == nullptr ? none : std::max(none, transfer.begun - *begun);
  };
  for (const TransferSummary& transfer : transfers) {
    whole = std::max(whole, start_of(transfer) + transfer.total);
  }
  const double scale = 100 / seconds(whole);
  std::string out;
  for (const TransferSummary& transfer : transfers) {
    std::string outcome = transfer.status == 0 ? "-" : std::to_string(transfer.status);
    if (transfer.error) outcome = to_string(*transfer.error);
    append(out, "<div class=\"fall\"><span class=\"url\">{} {}</span><span class=\"{}\">{}</span>",
           html_text(transfer.method), html_text(transfer.url), transfer.error ? "bad" : "ok",
           outcome);
    append_track(transfer, start_of(transfer), scale, out);
    append(out, "<span class=\"n\">{}</span></div>\n", readable_time(transfer.total));
  }
  return out;
}

std::string waterfall_legend() {
  std::string out = "<div class=\"legend\">";
  for (const Phase& phase : kPhases) {
    append(out, "<span><i class=\"{0}\"></i>{0}</span>", phase.name);
  }
  return out + "<span><i class=\"between\"></i>failed and between tries</span></div>\n";
}

}  // namespace rondo::cli
