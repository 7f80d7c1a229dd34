// Both formats have the same columns in the same order.

#include "cli/job_export.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "cli/json_writer.hpp"
#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

std::string path_of(const JobRecord& record, std::string_view directory) {
  if (record.state != JobState::done || record.output.empty()) return {};
  return fmt::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", record.output);
}

/// "2026-11-22T12:00:00Z"; empty for one that has not come.
std::string time_text(JobRecord::Time time) {
  if (time.time_since_epoch().count() == 0) return {};
  return fmt::format("{:%FT%TZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

void write_text(JsonWriter& json, std::string_view name, std::string_view text) {
  json.key(name);
  if (text.empty()) return json.null();
  json.string(text);
}

void write_number(JsonWriter& json, std::string_view name, std::uint64_t value, bool is_known) {
  json.key(name);
  if (!is_known) return json.null();
  json.number(value);
}

void write_error(JsonWriter& json, const JobRecord& record) {
  json.key("error");
  if (record.error_kind.empty()) return json.null();
  json.begin_object();
  write_text(json, "kind", record.error_kind);
  write_text(json, "class", record.error_class);
  write_text(json, "phase", record.error_phase);
  write_text(json, "message", record.error_message);
  json.end_object();
}

void append_cell(std::string_view text, std::string& out) {
  const std::string shown = printable(text);
  if (shown.find_first_of(",\"") == std::string::npos) {
    out += shown;
    return;
  }
  out += '"';
  for (const char c : shown) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void append_job_json(const JobRecord& record, std::string_view directory, std::string& out) {
  const bool has_ended = record.state == JobState::done || record.state == JobState::failed;
  JsonWriter json(out);
  json.begin_object();
  json.key("id");
  json.number(record.id);
  json.key("url");
  json.string(record.url);
  write_text(json, "final_url",
             has_ended && record.final_url.empty() ? record.url : record.final_url);
  write_text(json, "state", to_string(record.state));
  write_number(json, "attempts", record.attempts, true);
  write_number(json, "status", static_cast<std::uint64_t>(record.status), record.status > 0);
  write_number(json, "bytes", record.bytes, has_ended);
  write_text(json, "sha256", record.sha256);
  write_text(json, "file", path_of(record, directory));
  write_text(json, "etag", record.validators.etag);
  write_text(json, "last_modified", record.validators.last_modified);
  write_text(json, "finished", time_text(record.finished));
  write_error(json, record);
  json.end_object();
  out += '\n';
}

std::string_view job_csv_header() noexcept {
  return "id,url,final_url,state,attempts,status,bytes,sha256,file,etag,last_modified,finished,"
         "error_kind,error_class,error_phase,error_message\r\n";
}

void append_job_csv(const JobRecord& record, std::string_view directory, std::string& out) {
  const bool has_ended = record.state == JobState::done || record.state == JobState::failed;
  const std::string& final_url =
      has_ended && record.final_url.empty() ? record.url : record.final_url;
  out += fmt::format("{},", record.id);
  append_cell(record.url, out);
  out += ',';
  append_cell(final_url, out);
  out += fmt::format(",{},{},{},{},", to_string(record.state), record.attempts,
                     record.status > 0 ? std::to_string(record.status) : "",
                     has_ended ? std::to_string(record.bytes) : "");
  const std::string file = path_of(record, directory);
  const std::string finished = time_text(record.finished);
  const std::string* const cells[] = {&record.sha256,
                                      &file,
                                      &record.validators.etag,
                                      &record.validators.last_modified,
                                      &finished,
                                      &record.error_kind,
                                      &record.error_class,
                                      &record.error_phase,
                                      &record.error_message};
  std::string_view separator;
  for (const std::string* cell : cells) {
    out += separator;
    append_cell(*cell, out);
    separator = ",";
  }
  out += "\r\n";
}

}  // namespace rondo::cli
