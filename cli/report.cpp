// The line is put together in one string that keeps its memory.

#include "cli/report.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

#include "cli/result_json.hpp"
#include "cli/terminal_text.hpp"
#include "cli/url_text.hpp"

namespace rondo::cli {

namespace {

std::string url_text(std::string_view url) {
  return printable(without_credentials(url));
}

/// The errors of the session name the URL themselves.
std::string error_line(const TransferResult& result) {
  const std::string& message = result.error->message;
  const bool names_url =
      !result.final_url.empty() && message.find(result.final_url) != std::string::npos;
  if (names_url) return "rondo: " + printable(message);
  return fmt::format("rondo: {}: {}", url_text(result.url), printable(message));
}

}  // namespace

std::string result_line(const TransferResult& result) {
  std::string outcome =
      result.error ? std::string(to_string(result.error->kind)) : std::to_string(result.status);
  if (result.unfetched == Unfetched::exists) outcome = "there";
  return fmt::format("{:<12} {:>10} {:>8.3f} {}\n", outcome, result.body_bytes,
                     std::chrono::duration<double>(result.total).count(), url_text(result.url));
}

void Report::add(const TransferResult& result) {
  if (options_.json_lines) {
    line_.clear();
    append_json_line(result, line_);
    output_.write(line_);
    return;
  }
  if (is_plain(options_) && !sole_.answer().value_or(false)) output_.write(result_line(result));
  if (result.error && !options_.quiet) {
    console_.message(error_line(result));
  }
}

}  // namespace rondo::cli
