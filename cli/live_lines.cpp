// A line is put together twice, plain and with colours, so that its width is that of the plain one.

#include "cli/live_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "cli/tally.hpp"
#include "cli/terminal_text.hpp"
#include "cli/terminal_width.hpp"
#include "cli/url_text.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kLeastBar = 10;
constexpr std::size_t kMostBar = 40;
constexpr std::size_t kLeastUrl = 20;

constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string seconds_left(double seconds) {
  const std::chrono::duration<double> left(std::min(seconds, 1e6));
  return readable_time(std::chrono::duration_cast<Clock::duration>(left));
}

/// "45%  9012/20000  310/s  12.5 MB  2.10 MB/s  ETA 35.0 s".
std::string figures_of(const LiveState& state) {
  std::string text;
  if (state.expected && *state.expected > 0) {
    const std::uint64_t percent = 100 * std::min(state.done, *state.expected) / *state.expected;
    text = fmt::format("{:>3}%  {}/{}", percent, state.done, *state.expected);
  } else {
    text = fmt::format("{} done", state.done);
  }
  text += fmt::format("  {:.0f}/s  {}  {}/s", state.rate, readable_bytes(state.bytes),
                      readable_bytes(static_cast<std::uint64_t>(state.byte_rate)));
  if (state.expected && *state.expected > state.done && state.rate > 0) {
    const auto left = static_cast<double>(*state.expected - state.done);
    text += "  ETA " + seconds_left(left / state.rate);
  }
  return text;
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (; count > 0; --count) text += piece;
  return text;
}

LiveLine first_line(const LiveState& state, std::size_t columns, bool has_utf8) {
  const std::string figures = figures_of(state);
  const bool has_room = figures.size() + 1 + kLeastBar <= columns;
  if (!state.expected || *state.expected == 0 || !has_room) return {cut_end(figures, columns), ""};
  const std::size_t bar = std::min(columns - figures.size() - 1, kMostBar);
  const std::uint64_t whole = *state.expected;
  const auto full = static_cast<std::size_t>(static_cast<double>(std::min(state.done, whole)) /
                                             static_cast<double>(whole) * static_cast<double>(bar));
  const std::string done = repeated(has_utf8 ? "\u2501" : "#", full);
  const std::string rest = repeated(has_utf8 ? "\u2500" : "-", bar - full);
  return {done + rest + " " + figures,
          fmt::format("{}{}{}{}{}{} {}", kGreen, done, kPlain, kDim, rest, kPlain, figures)};
}

LiveLine second_line(const LiveState& state, std::size_t columns) {
  const std::string head = fmt::format("{} in flight, {} ok, ", state.in_flight,
                                       state.done - std::min(state.failed, state.done));
  const std::string tail = fmt::format("{} failed{}", state.failed, state.failures);
  LiveLine line{cut_end(head + tail, columns), ""};
  const bool is_whole = line.text.size() == head.size() + tail.size();
  if (is_whole && state.failed > 0)
    line.coloured = fmt::format("{}{}{}{}", head, kRed, tail, kPlain);
  return line;
}

LiveLine dimmed(std::string text) {
  std::string coloured = fmt::format("{}{}{}", kDim, text, kPlain);
  return {std::move(text), std::move(coloured)};
}

/// Columns for time, what is to be said of the transfer, and bytes, as many as leave room for the
/// URL.
LiveLine transfer_line(Clock::duration time, std::string_view what, std::uint64_t bytes,
                       std::string_view url, std::size_t columns) {
  const std::string seconds =
      fmt::format("{:>7.2f} s  ", std::chrono::duration<double>(time).count());
  const std::string what_column = fmt::format("{:<12} ", what);
  const std::string bytes_column = fmt::format("{:>8}  ", readable_bytes(bytes));
  std::string head = seconds;
  for (const std::string* column : {&what_column, &bytes_column}) {
    if (head.size() + column->size() + kLeastUrl > columns) break;
    head += *column;
  }
  if (head.size() >= columns) return {cut_end(head, columns), ""};
  return {head + cut_middle(printable(without_credentials(url)), columns - head.size()), ""};
}

LiveLine current_line(const TransferUnderWay& transfer, std::size_t columns) {
  return transfer_line(transfer.age, transfer.phase, transfer.bytes, transfer.url, columns);
}

LiveLine slowest_line(const TransferSummary& transfer, std::size_t columns) {
  const std::string outcome =
      transfer.error ? std::string(to_string(*transfer.error)) : std::to_string(transfer.status);
  return transfer_line(transfer.total, outcome, transfer.bytes, transfer.url, columns);
}

}  // namespace

std::vector<LiveLine> live_lines(const LiveState& state, const TerminalSize& size, bool has_utf8) {
  const std::size_t columns = std::max<std::size_t>(size.columns, 2) - 1;
  const std::size_t most = std::max<std::size_t>(size.rows, 2) - 1;
  std::vector<LiveLine> lines = {first_line(state, columns, has_utf8)};
  if (most >= 2) lines.push_back(second_line(state, columns));
  const auto add = [&](std::string_view title, const auto& transfers, auto line_of) {
    if (transfers.empty() || lines.size() + 1 + transfers.size() > most / 2) return;
    lines.push_back(dimmed(cut_end(title, columns)));
    for (const auto& transfer : transfers) lines.push_back(line_of(transfer, columns));
  };
  add("under way", state.current, current_line);
  add("slowest so far", state.slowest, slowest_line);
  return lines;
}

}  // namespace rondo::cli
