// What is refused here is refused again by the layers below; here it gets its words, and a URL is
// looked at before the parser of the URL Standard drops line breaks from it.

#include "cli/job_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/base64.hpp"

#include "cli/file_name.hpp"
#include "cli/json_input.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kShownLine = 200;  // of a line without a URL, in place of one

bool has_line_break_or_nul(std::string_view text) noexcept {
  return ascii::find_any<'\r', '\n', '\0'>(text) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  for (const char c : text) {
    if (!ascii::is_alnum(c) && kOthers.find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

std::optional<std::string> body_of(const JsonObject& object) {
  auto body = object.string("body");
  const auto coded = object.string("body_base64");
  if (!coded) return body;
  if (body) throw JsonInputError("\"body\" and \"body_base64\" exclude each other");
  body = proto::base64_decode(*coded);
  if (!body) throw JsonInputError("\"body_base64\" is not base64");
  return body;
}

std::string checksum_of(const JsonObject& object) {
  const auto text = object.string("sha256");
  if (!text) return {};
  const bool is_one = text->size() == 64 && std::all_of(text->begin(), text->end(), [](char c) {
                        return ascii::hex_value(c) >= 0;
                      });
  if (!is_one) throw JsonInputError("\"sha256\" is not 64 hexadecimal digits");
  return ascii::lowered(*text);
}

std::string first_problem(const Job& job) {
  if (std::string problem = problem_with_url(job.url); !problem.empty()) return problem;
  if (!job.method.empty()) {
    if (std::string problem = problem_with_method(job.method); !problem.empty()) return problem;
  }
  for (const auto& [name, value] : job.headers) {
    if (std::string problem = problem_with_header(name, value); !problem.empty()) return problem;
  }
  return {};
}

/// Fills `job` as far as the line can be read, so that its result can name the URL all the same.
void read_object(std::string_view line, Job& job) {
  const JsonObject object(line);
  job.url = object.string("url").value_or("");
  object.require_only({"url", "method", "headers", "body", "body_base64", "output", "sha256"});
  if (job.url.empty()) throw JsonInputError("\"url\" is missing");
  const auto method = object.string("method");
  if (method && method->empty()) throw JsonInputError("\"method\" is empty");
  job.method = method.value_or("");
  job.headers = object.pairs("headers");
  job.body = body_of(object);
  const auto output = object.string("output");
  if (output && !is_inner_path(*output)) {
    throw JsonInputError("\"output\" is not the name of a file inside the output directory");
  }
  job.output = output.value_or("");
  job.sha256 = checksum_of(object);
  job.problem = first_problem(job);
}

}  // namespace

std::string problem_with_url(std::string_view url) {
  if (has_line_break_or_nul(url)) return "the URL has a line break or NUL in it";
  return {};
}

std::string problem_with_method(std::string_view method) {
  if (method == "CONNECT") return "CONNECT asks for a tunnel: there is nothing to fetch with it";
  if (is_token(method)) return {};
  return "the method is not one: only letters, digits and !#$%&'*+-.^_`|~ may be in it";
}

std::string problem_with_header(std::string_view name, std::string_view value) {
  if (!is_token(name)) return "a header's name has a character in it that none may have";
  for (const char c : value) {
    if (c != '\t' && ascii::is_control(c)) {
      return "the value of the header " + std::string(name) + " has a control character in it";
    }
  }
  return {};
}

std::string_view job_text(std::string_view line) noexcept {
  if (line.ends_with('\r')) line.remove_suffix(1);
  line = ascii::trim(line);
  return line.starts_with('#') ? std::string_view() : line;
}

JobPtr parse_job(std::string_view line) {
  line = job_text(line);
  if (line.empty()) return nullptr;
  auto job = std::make_unique<Job>();
  if (line.front() != '{') {
    job->url = line;
    job->problem = problem_with_url(line);
    return job;
  }
  try {
    read_object(line, *job);
  } catch (const JsonInputError& error) {
    if (job->url.empty()) job->url = line.substr(0, kShownLine);
    job->problem = error.what();
  }
  return job;
}

}  // namespace rondo::cli
