// Entries have lines of their own; what ends the file is the same wherever the run has ended.

#include "cli/har_log.hpp"

#include <sys/stat.h>

#include <chrono>
#include <utility>

#include "cli/har_entry.hpp"
#include "cli/json_writer.hpp"
#include "cli/url_text.hpp"

namespace rondo::cli {
namespace {

/// Files are made before the run, when nobody else makes any.
OutputFile create_file(FilePlace& place, bool is_private) {
  const mode_t mask = ::umask(0);
  ::umask(is_private ? 077 : mask);
  try {
    OutputFile file = place.create();
    ::umask(mask);
    return file;
  } catch (...) {
    ::umask(mask);
    throw;
  }
}

std::string opening() {
  std::string out = R"({"log": {"version": "1.2", "creator": {"name": "rondo", "version": ")";
  out += RONDO_VERSION;
  out += "\"},\n\"pages\": [";
  JsonWriter json(out);
  json.begin_object();
  json.key("startedDateTime");
  json.string(har_time(std::chrono::system_clock::now()));
  json.key("id");
  json.string(kHarPage);
  json.key("title");
  json.string("rondo fetch");
  json.key("pageTimings");
  json.begin_object();
  json.end_object();
  json.end_object();
  return out + "],\n\"entries\": [";
}

/// What stands for a transfer that has sent nothing.
RecordedHop unsent(const TransferResult& result) {
  RecordedHop hop;
  hop.begun = std::chrono::system_clock::now();
  hop.method = result.method;
  hop.url = without_credentials(result.url);
  return hop;
}

}  // namespace

HarLog::HarLog(FilePlace place, bool shows_secrets)
    : place_(std::move(place)),
      shows_secrets_(shows_secrets),
      file_(create_file(place_, shows_secrets)),
      buffer_(opening()) {}

void HarLog::add(const TransferResult& result) {
  const std::string_view error = result.error ? result.error->message : std::string_view();
  for (const RecordedHop& hop : result.hops) {
    write_entry(hop, &hop == &result.hops.back() ? error : std::string_view());
  }
  if (result.hops.empty() && result.error) write_entry(unsent(result), error);
  if (buffer_.size() >= kPiece) write_out();
}

void HarLog::write_entry(const RecordedHop& hop, std::string_view error) {
  buffer_ += std::exchange(has_entries_, true) ? ",\n" : "\n";
  append_har_entry(hop, error, shows_secrets_, buffer_);
}

void HarLog::write_out() noexcept {
  if (!error_) {
    try {
      file_.write(buffer_);
    } catch (const OsError& error) {
      error_ = error;
    }
  }
  buffer_.clear();
}

void HarLog::finish(const RunEnd&) {
  buffer_ += "\n]}}\n";
  write_out();
  if (error_) throw OsError(*error_);
  file_.commit();
}

}  // namespace rondo::cli
