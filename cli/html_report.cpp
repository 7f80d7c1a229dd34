// One function a section, from the top of the page down. Whatever comes from outside goes through
// `html_text`; the policy of the page forbids it to load anything all the same.

#include "cli/html_report.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "cli/append.hpp"
#include "cli/html_charts.hpp"
#include "cli/html_style.hpp"
#include "cli/html_text.hpp"
#include "cli/tally.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kHostRows = 200;

/// "1,234,567".
std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string urls(std::uint64_t count) {
  return grouped(count) + (count == 1 ? " URL" : " URLs");
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void append_head(const RunStatistics& run, const RunEnd& end, std::string& out) {
  const auto since = std::chrono::system_clock::now() - end.elapsed;
  const auto begun = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(since));
  append(out,
         "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" "
         "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<title>rondo fetch: {}</title>\n<style>{}</style>\n</head>\n<body>\n",
         urls(run.all().transfers), kHtmlStyle);
  append(out, "<header><h1>rondo fetch</h1>\n<p class=\"soft\">{:%Y-%m-%d %H:%M:%S} UTC</p>\n",
         fmt::gmtime(begun));
  if (!end.why_early.empty()) {
    append(out, "<p class=\"early\">Ended early: {}</p>\n", html_text(end.why_early));
  }
  out += "</header>\n";
}

void append_figures(const RunStatistics& run, const RunEnd& end, std::string& out) {
  const auto& all = run.all();
  const auto figure = [&](std::string_view name, std::string_view value,
                          std::string_view kind = "") {
    append(out, "<div><dt>{}</dt><dd class=\"{}\">{}</dd></div>\n", name, kind, value);
  };
  const auto percentile = [&](double fraction) {
    return readable_time(std::min(run.latencies().quantile(fraction), all.slowest));
  };
  const double elapsed = std::max(std::chrono::duration<double>(end.elapsed).count(), 1e-9);
  out += "<dl class=\"figures\">\n";
  figure("finished", grouped(all.transfers));
  figure("ok", grouped(all.transfers - all.failed), "ok");
  figure("failed", grouped(all.failed), all.failed > 0 ? "bad" : "");
  figure("body bytes", readable_bytes(all.bytes));
  figure("time", readable_time(end.elapsed));
  figure("rate", fmt::format("{:.1f}/s", static_cast<double>(all.transfers) / elapsed));
  figure("p50", percentile(0.50));
  figure("p95", percentile(0.95));
  figure("p99", percentile(0.99));
  figure("slowest", readable_time(all.slowest));
  out += "</dl>\n";
}

void append_charts(const RunStatistics& run, std::string& out) {
  append(out,
         "<div class=\"pair\">\n<section id=\"latency\"><h2>How long transfers took</h2>\n{}"
         "</section>\n<section id=\"activity\"><h2>When they ended</h2>\n{}</section>\n</div>\n",
         latency_chart(run.latencies()), activity_chart(run.activity()));
}

void append_statuses(const RunStatistics& run, std::string& out) {
  out += "<section id=\"statuses\"><h2>Status</h2>\n";
  if (run.by_status().empty()) out += "<p class=\"soft\">No answer had one.</p>\n";
  std::uint64_t most = 0;
  for (const auto& [status, count] : run.by_status()) most = std::max(most, count);
  out += "<table>\n";
  for (const auto& [status, count] : run.by_status()) {
    append(out,
           "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"share\"><i style=\"width:{:.1f}%\">"
           "</i></td></tr>\n",
           status, grouped(count), 100 * ratio(count, most));
  }
  out += "</table></section>\n";
}

/// The message; it mostly ends with the URL, which is shown above it.
std::string_view without_url(const RunStatistics::ErrorRow& row) {
  std::string_view message = row.message;
  const std::string end = " (" + row.url + ")";
  if (message.ends_with(end)) message.remove_suffix(end.size());
  return message;
}

void append_errors(const RunStatistics& run, std::string& out) {
  out += "<section id=\"errors\"><h2>Errors</h2>\n";
  if (run.errors().empty()) {
    out += "<p class=\"soft\">None.</p></section>\n";
    return;
  }
  out += "<table><tr><th>kind</th><th class=\"n\">count</th><th>the first of them</th></tr>\n";
  for (const auto& [name, row] : run.errors()) {
    append(out,
           "<tr><td class=\"bad\">{}</td><td class=\"n\">{}</td><td class=\"name\">"
           "<span class=\"soft\">{}</span><br>{}: {}</td></tr>\n",
           to_string(name.first), grouped(row.count), html_text(row.url), html_text(name.second),
           html_text(without_url(row)));
  }
  out += "</table></section>\n";
}

void append_host(std::string_view name, const RunStatistics::HostRow& row, std::string& out) {
  const auto transfers = static_cast<Clock::rep>(std::max<std::uint64_t>(row.transfers, 1));
  const Clock::duration mean = row.total / transfers;
  append(out,
         "<tr><td class=\"name\">{}</td><td class=\"n\">{}</td><td class=\"n {}\">{}</td>"
         "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
         name, grouped(row.transfers), row.failed > 0 ? "bad" : "", grouped(row.failed),
         readable_bytes(row.bytes), readable_time(mean), readable_time(row.slowest));
}

void append_hosts(const RunStatistics& run, std::string& out) {
  const auto hosts = run.hosts();
  out += "<section id=\"hosts\"><h2>Hosts</h2>\n<div class=\"scroll\"><table>\n";
  out +=
      "<tr><th>host</th><th class=\"n\">URLs</th><th class=\"n\">failed</th>"
      "<th class=\"n\">bytes</th><th class=\"n\">mean</th><th class=\"n\">slowest</th></tr>\n";
  RunStatistics::HostRow rest = run.other_hosts();
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (i < kHostRows) {
      append_host(html_text(hosts[i].first), hosts[i].second, out);
    } else {
      rest.add(hosts[i].second);
    }
  }
  if (rest.transfers > 0) append_host("all others", rest, out);
  out += "</table></div></section>\n";
}

void append_waterfalls(const RunStatistics& run, std::string& out) {
  const auto slowest = run.slowest();
  const auto begun = run.begun();
  const auto section = [&](std::string_view id, std::string_view title, std::string_view note,
                           const std::string& rows) {
    append(out, "<section id=\"{}\"><h2>{}</h2>\n<p class=\"soft\">{}</p>\n{}{}</section>\n", id,
           title, note, waterfall_legend(), rows);
  };
  const std::string of_all = " of " + urls(run.all().transfers);
  section("slowest", fmt::format("The slowest {}{}", slowest.size(), of_all),
          "Each from its own start. Phases are summed over redirects and tries.",
          waterfall(slowest, nullptr));
  section("first", fmt::format("The first {}{}", run.first().size(), of_all),
          "In the order of finishing, on one scale from the start of the run.",
          waterfall(run.first(), &begun));
}

}  // namespace

std::string html_page(const RunStatistics& run, const RunEnd& end) {
  std::string out;
  append_head(run, end, out);
  append_figures(run, end, out);
  append_charts(run, out);
  out += "<div class=\"pair\">\n";
  append_statuses(run, out);
  append_errors(run, out);
  out += "</div>\n";
  append_hosts(run, out);
  append_waterfalls(run, out);
  append(out, "<p class=\"soft\">rondo {}</p>\n</body>\n</html>\n", RONDO_VERSION);
  return out;
}

HtmlReport::HtmlReport(FilePlace place) : place_(std::move(place)), run_(Clock::now()) {
  static_cast<void>(place_.create());  // and removed again
}

}  // namespace rondo::cli
