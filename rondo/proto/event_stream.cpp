// Whole lines are collected and then read; a line is over at its CR already, so that an event is
// not kept waiting for the LF that may follow.

#include "rondo/proto/event_stream.hpp"

#include <algorithm>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/ascii_set.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

constexpr AsciiSet kLineEnds("\r\n");

}  // namespace

std::optional<ServerSentEvent> EventStreamParser::feed(std::string_view& input) {
  while (error_ == EventStreamError::none && take_line(input)) {
    if (line_.empty()) {
      if (auto event = dispatch()) return event;
    } else {
      read_line();
      line_.clear();
    }
  }
  return std::nullopt;
}

// True: `line_` is a whole line.
bool EventStreamParser::take_line(std::string_view& input) {
  if (after_cr_ && !input.empty()) {
    after_cr_ = false;
    if (input.front() == '\n') input.remove_prefix(1);
  }
  const std::size_t end = std::min(kLineEnds.find_in(input), input.size());
  if (line_.size() + end > limits_.max_line) {
    fail(EventStreamError::line_too_long);
    return false;
  }
  line_.append(input.substr(0, end));
  input.remove_prefix(end);
  if (input.empty()) return false;
  after_cr_ = input.front() == '\r';
  input.remove_prefix(1);
  if (std::exchange(at_start_, false) && line_.starts_with("\xef\xbb\xbf")) line_.erase(0, 3);
  return true;
}

void EventStreamParser::read_line() {
  const std::string_view line = line_;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return read_field(line, {});
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  read_field(line.substr(0, colon), value);  // a comment has an empty name
}

void EventStreamParser::read_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (data_.size() + value.size() + 1 > limits_.max_event) {
      return fail(EventStreamError::event_too_large);
    }
    data_.append(value).push_back('\n');
    has_data_ = true;
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = value;
  } else if (name == "retry") {
    if (value.empty() || !std::all_of(value.begin(), value.end(), ascii::is_digit)) return;
    std::int64_t number = 0;
    constexpr std::int64_t kMost = 1'000'000'000'000;  // 31 years: any more is nonsense
    for (const char c : value) number = std::min(number * 10 + (c - '0'), kMost);
    retry_ = std::chrono::milliseconds(number);
  }
}

std::optional<ServerSentEvent> EventStreamParser::dispatch() {
  last_id_ = to_valid_utf8(id_);
  std::string type = std::exchange(type_, {});
  if (!std::exchange(has_data_, false)) return std::nullopt;
  data_.pop_back();
  ServerSentEvent event;
  if (!type.empty()) event.type = to_valid_utf8(std::move(type));
  event.data = to_valid_utf8(std::exchange(data_, {}));
  event.id = last_id_;
  return event;
}

void EventStreamParser::restart() {
  error_ = EventStreamError::none;
  at_start_ = true;
  after_cr_ = has_data_ = false;
  line_.clear();
  type_.clear();
  data_.clear();
  id_ = last_id_;
}

std::string_view describe(EventStreamError error) noexcept {
  switch (error) {
    case EventStreamError::none:
      return "no error";
    case EventStreamError::line_too_long:
      return "a line of the event stream is too long";
    case EventStreamError::event_too_large:
      return "an event of the event stream is too large";
  }
  return "";
}

}  // namespace rondo::proto
