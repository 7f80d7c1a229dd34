// Start lines; the lines behind them are the field section reader's.

#include "rondo/proto/http1_head.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kProtocol = "HTTP/";
constexpr std::size_t kVersionSize = 8;
constexpr FieldSectionRules kResponseRules{.allow_folds = true, .allow_lone_lf = true};
constexpr FieldSectionRules kRequestRules{.allow_lone_lf = true, .leading_empty_lines = 1};

// The minor version in "HTTP/1.x", or the error: `otherwise` if this is no version at all. Minor
// versions that nobody knows are to be taken for the highest that is known (RFC 9110 §2.5).
Http1Error read_version(std::string_view text, Http1Error otherwise, int& minor) noexcept {
  if (text.size() == kVersionSize && std::memcmp(text.data(), "HTTP/1.", 7) == 0 &&
      ascii::is_digit(text[7])) {
    minor = text[7] == '0' ? 0 : 1;
    return Http1Error::none;
  }
  if (!text.starts_with(kProtocol)) return otherwise;
  text.remove_prefix(kProtocol.size());
  const bool is_number = !text.empty() && std::ranges::all_of(text, [](char c) {
    return ascii::is_digit(c) || c == '.';
  });
  return is_number ? Http1Error::unsupported_version : otherwise;
}

// Puts a space in place of each control of a reason, which nobody is to act upon (RFC 9112 §4).
// False for what could end the line elsewhere: CR, NUL.
bool blank_controls(std::string& reason) noexcept {
  if (reason.find_first_of(std::string_view("\r\0", 2)) != std::string::npos) return false;
  std::replace_if(reason.begin(), reason.end(), ascii::is_control, ' ');
  return true;
}

}  // namespace

ResponseHeadParser::ResponseHeadParser(const Http1Limits& limits) noexcept
    : reader_(kResponseRules, limits) {}

void ResponseHeadParser::use_own_head() {
  own_head_ = std::make_unique<ResponseHead>();
  head_ = own_head_.get();
}

ResponseHead ResponseHeadParser::take() {
  ResponseHead head = std::move(*head_);
  reset();
  return head;
}

void ResponseHeadParser::reset() noexcept {
  if (head_ != nullptr) {
    head_->status = 0;
    head_->headers.clear();
  }
  reader_.reset();
}

void ResponseHeadParser::set_limits(const Http1Limits& limits) noexcept {
  reader_.reset(limits);
}

void ResponseHeadParser::read_into(ResponseHead& head) noexcept {
  head_ = &head;
  reader_.reset();
}

Http1Error ResponseHeadParser::check_beginning(std::string_view line) const {
  const std::size_t size = std::min(line.size(), kProtocol.size());
  const bool ok = line.substr(0, size) == kProtocol.substr(0, size);
  return ok ? Http1Error::none : Http1Error::bad_status_line;
}

std::size_t ResponseHeadParser::read_usual(std::string_view input) {
  constexpr std::string_view kLine = "HTTP/1.1 200 OK\r\n";
  constexpr std::string_view kReason = "OK";
  constexpr std::size_t kWords = 16;  // that are compared without a call
  if (input.size() < kLine.size() || std::memcmp(input.data(), kLine.data(), kWords) != 0 ||
      input.substr(kWords, kLine.size() - kWords) != kLine.substr(kWords)) {
    return 0;
  }
  ResponseHead& head = *head_;
  head.status = 200;
  head.minor_version = 1;
  // The memory of an earlier head has it mostly; compared as views, that takes no call.
  if (std::string_view(head.reason) != kReason) head.reason = kReason;
  return kLine.size();
}

Http1Error ResponseHeadParser::read(std::string_view line) {
  ResponseHead& head = *head_;
  head.reason.clear();
  const std::size_t space = line.size() > kVersionSize && line[kVersionSize] == ' '
                                ? kVersionSize
                                : std::min(line.find(' '), line.size());
  const Http1Error version =
      read_version(line.substr(0, space), Http1Error::bad_status_line, head.minor_version);
  if (version != Http1Error::none) return version;
  if (space == line.size()) return Http1Error::bad_status_line;

  line.remove_prefix(space + 1);
  while (line.starts_with(' ')) line.remove_prefix(1);
  const bool has_code = line.size() >= 3 && ascii::is_digit(line[0]) && line[0] != '0' &&
                        ascii::is_digit(line[1]) && ascii::is_digit(line[2]) &&
                        (line.size() == 3 || line[3] == ' ');
  if (!has_code) return Http1Error::bad_status_code;
  head.status = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  if (line.size() <= 4) return Http1Error::none;
  line.remove_prefix(4);
  head.reason = line;
  const bool is_clean = is_field_value(line) || blank_controls(head.reason);
  return is_clean ? Http1Error::none : Http1Error::bad_status_line;
}

RequestHeadParser::RequestHeadParser(const Http1Limits& limits) noexcept
    : reader_(kRequestRules, limits) {}

RequestHead RequestHeadParser::take() {
  RequestHead head = std::move(head_);
  reset();
  return head;
}

void RequestHeadParser::take(RequestHead& into) {
  into.method.swap(head_.method);
  into.target.swap(head_.target);
  into.minor_version = head_.minor_version;
  into.headers.swap(head_.headers);
  reset();
}

void RequestHeadParser::reset() noexcept {
  head_.method.clear();
  head_.target.clear();
  head_.headers.clear();
  reader_.reset();
}

Http1Error RequestHeadParser::read(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == last) return Http1Error::bad_request_line;
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_method(method) || !is_request_target(target)) return Http1Error::bad_request_line;
  head_.method = method;
  head_.target = target;
  return read_version(line.substr(last + 1), Http1Error::bad_request_line, head_.minor_version);
}

}  // namespace rondo::proto
