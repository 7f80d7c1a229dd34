// Field lines that are as they should be, nearly all, are taken by one tight loop: the name by
// table up to the colon, the value up to the first control, which has to be
// the end of the line. That finds the end and proves the value valid in the same pass. In front of
// any other line the loop stops, and the line is looked at once its LF has come. There is no state
// inside a line: one that the input cuts off is kept in the map's text and read when it is
// complete.
//
// The answers of one server are much alike. A map that had one before is not cleared first: the
// lines that are the same again, from the first one on, stay in it as they are.

#include "rondo/proto/http1_field_section.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kUsualFields = 16;
constexpr std::string_view kEmptyLine = "\r\n";

const char* skip_blanks(const char* at, const char* end) noexcept {
  while (at != end && ascii::is_blank(*at)) ++at;
  return at;
}

const char* trim_blanks(const char* begin, const char* end) noexcept {
  while (end != begin && ascii::is_blank(end[-1])) --end;
  return end;
}

// What is behind the line end at `at`; `at` itself if there is none.
const char* skip_line_end(const char* at, const char* end, bool allow_lone_lf) noexcept {
  if (end - at >= 2 && std::memcmp(at, "\r\n", 2) == 0) return at + 2;
  return at != end && *at == '\n' && allow_lone_lf ? at + 1 : at;
}

const char* find_lf(const char* at, const char* end) noexcept {
  return static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
}

// How many bytes `a` and `b` have in common at their beginnings.
std::size_t common_size(std::string_view a, std::string_view b) noexcept {
  const std::size_t size = std::min(a.size(), b.size());
  if (std::memcmp(a.data(), b.data(), size) == 0) return size;
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  std::size_t at = 0;
  while (size - at >= kWord && std::memcmp(a.data() + at, b.data() + at, kWord) == 0) at += kWord;
  while (a[at] == b[at]) ++at;  // ends within `size`, for they are not the same
  return at;
}

// Puts one space in place of each line end in [begin, end) and the blanks around it, and returns
// the new end.
char* join_folds(char* begin, char* end) noexcept {
  char* out = begin;
  for (char* at = begin; at != end;) {
    if (*at != '\r' && *at != '\n') {
      *out++ = *at++;
      continue;
    }
    while (out != begin && ascii::is_blank(out[-1])) --out;
    while (at != end && (ascii::is_blank(*at) || *at == '\r' || *at == '\n')) ++at;
    *out++ = ' ';
  }
  return out;
}

}  // namespace

ReadProgress FieldSectionReader::feed(std::string_view input, HeaderMap& fields, StartLine* start) {
  if (state_ != ReadState::need_more || input.empty()) return {0, state_};
  std::size_t used = 0;
  if (!std::exchange(has_begun_, true)) used = keep_same_lines(input, fields, start);
  if (state_ == ReadState::complete) return {used, state_};  // with all that is known of it
  if (line_at_ < fields.text_.size()) used = finish_line(input, fields, start);
  if (state_ == ReadState::need_more && error_ == Http1Error::none && used < input.size()) {
    used += read_lines(input.substr(used), fields, start);
  }
  if (error_ != Http1Error::none) state_ = ReadState::error;
  if (state_ == ReadState::complete && has_folds_) join_values(fields);
  if (fields.is_section_) fields.framing_ = read_framing_fields(fields);
  return {used, state_};
}

// Keeps of the section that `fields` had before the lines that `input` begins with, and drops the
// rest. Returns how much of `input` is done with.
std::size_t FieldSectionReader::keep_same_lines(std::string_view input, HeaderMap& fields,
                                                StartLine* start) {
  const std::string& text = fields.text_;
  const bool may_keep = std::exchange(fields.is_section_, false) && start != nullptr &&
                        text.size() <= std::min(limits_.max_line, limits_.max_head) &&
                        fields.size() <= limits_.max_fields;
  if (!may_keep) {
    fields.clear();
    return 0;
  }
  std::size_t kept = common_size(input, text);
  const bool is_whole = kept == text.size();
  if (!is_whole) kept = drop_lines(kept, fields);
  if (fields.empty() || read_usual_start(input, 0, *start) == 0) {
    fields.clear();
    return 0;
  }
  line_at_ = kept;
  if (is_whole) {
    fields.is_section_ = true;
    state_ = ReadState::complete;
  } else {
    fields.text_.resize(kept);
  }
  return kept;
}

// Drops the lines that are not as a whole within the first `size` bytes of the text, and returns
// where those begin. A line is known to end where the next one begins.
std::size_t FieldSectionReader::drop_lines(std::size_t size, HeaderMap& fields) noexcept {
  std::vector<HeaderMap::Entry>& entries = fields.entries_;
  std::size_t dropped_at = 0;
  while (!entries.empty()) {
    dropped_at = entries.back().name_at;
    entries.pop_back();
    if (dropped_at <= size) break;
  }
  fields.marks_ = 0;
  for (const Field field : fields) fields.marks_ |= HeaderMap::mark_of(field.name);
  return dropped_at;
}

void FieldSectionReader::reset() noexcept {
  reset(limits_);
}

void FieldSectionReader::reset(const Http1Limits& limits) noexcept {
  *this = FieldSectionReader(rules_, limits);
}

// Takes the rest of the line that earlier input began; returns how much of `input` that is.
std::size_t FieldSectionReader::finish_line(std::string_view input, HeaderMap& fields,
                                            StartLine* start) {
  std::string& text = fields.text_;
  const std::size_t offset = line_at_;
  const char* const lf = find_lf(input.data(), input.data() + input.size());
  const std::size_t used =
      lf == nullptr ? input.size() : static_cast<std::size_t>(lf + 1 - input.data());
  const std::size_t size = text.size() - offset + used;
  // More than a line may have is never kept, whatever the size of the input.
  text.append(input.data(), std::min<std::size_t>(used, limits_.max_line));
  const auto line = std::string_view(text).substr(offset);
  error_ = check_line(line, size, offset, start);
  if (error_ != Http1Error::none || lf == nullptr) return used;
  line_at_ = text.size();
  const char* const end = line.data() + line.size();
  if (is_past(start) && add_fields(line.data(), end, offset, fields) == end) return used;
  error_ = read_line(line, offset, fields, start);
  return used;
}

// Reads the lines of `input`, which begins with one, where they are; then copies them all.
std::size_t FieldSectionReader::read_lines(std::string_view input, HeaderMap& fields,
                                           StartLine* start) {
  const char* const begin = input.data();
  const char* const end = begin + input.size();
  const std::size_t base = fields.text_.size();
  const auto offset = [&](const char* at) { return base + static_cast<std::size_t>(at - begin); };
  if (fields.entries_.capacity() == 0) fields.entries_.reserve(kUsualFields);

  const char* at = begin;
  if (!is_past(start)) at += read_usual_start(input, base, *start);
  while (state_ == ReadState::need_more) {
    if (is_past(start)) at = add_fields(at, end, offset(at), fields);
    if (at == end) break;
    if (ends_section(at, end, offset(at), start)) {
      state_ = ReadState::complete;
      at += kEmptyLine.size();
      fields.is_section_ = !has_folds_;
      break;
    }
    const char* const lf = find_lf(at, end);
    const std::string_view line(at, lf == nullptr ? end : lf + 1);
    error_ = check_line(line, line.size(), offset(at), start);
    if (error_ != Http1Error::none || lf == nullptr) break;
    error_ = read_line(line, offset(at), fields, start);
    if (error_ != Http1Error::none) break;
    at += line.size();
  }
  if (error_ != Http1Error::none) return 0;
  line_at_ = offset(at);
  const char* const read = state_ == ReadState::complete ? at : end;
  fields.text_.append(begin, read);
  return static_cast<std::size_t>(read - begin);
}

// Whether the usual empty line is at `at`, and within the limits; others are read as lines are.
bool FieldSectionReader::ends_section(const char* at, const char* end, std::size_t offset,
                                      const StartLine* start) const noexcept {
  return is_past(start) && skip_line_end(at, end, false) != at &&
         kEmptyLine.size() <= std::min<std::size_t>(limits_.max_line, limits_.max_head - offset);
}

// Adds well-formed field lines within the limits, as long as they come. Returns the beginning of
// the first line that is none, is not allowed or is cut off. `offset` is that of `at` in the text.
const char* FieldSectionReader::add_fields(const char* at, const char* end, std::size_t offset,
                                           HeaderMap& fields) const {
  std::vector<HeaderMap::Entry>& entries = fields.entries_;
  const std::size_t room = limits_.max_head - offset;
  if (static_cast<std::size_t>(end - at) > room) end = at + room;
  for (std::size_t left = limits_.max_fields - entries.size(); left > 0; --left) {
    const char* const colon = detail::find_token_end(at, end);
    if (colon == end || *colon != ':' || colon == at) break;
    const char* const line_end = detail::find_value_end(colon + 1, end);
    const char* const next = skip_line_end(line_end, end, rules_.allow_lone_lf);
    const auto size = static_cast<std::size_t>(next - at);
    if (next == line_end || size > limits_.max_line) break;
    // Nearly all values have one space in front, and none behind.
    const char* value = colon + (colon[1] == ' ' ? 2 : 1);
    if (ascii::is_blank(*value)) value = skip_blanks(value, line_end);
    const char* value_end = line_end;
    if (ascii::is_blank(value_end[-1])) value_end = trim_blanks(value, value_end);
    const auto name_at = static_cast<std::uint32_t>(offset);
    fields.marks_ |= HeaderMap::mark_of({at, static_cast<std::size_t>(colon - at)});
    entries.emplace_back(name_at, static_cast<std::uint32_t>(colon - at),
                         name_at + static_cast<std::uint32_t>(value - at),
                         static_cast<std::uint32_t>(value_end - value));
    offset += size;
    at = next;
  }
  return at;
}

// Reads a complete line, its end included, that add_fields() did not take.
Http1Error FieldSectionReader::read_line(std::string_view line, std::size_t offset,
                                         HeaderMap& fields, StartLine* start) {
  line.remove_suffix(1);
  const bool has_cr = line.ends_with('\r');
  if (has_cr) line.remove_suffix(1);
  if (!is_past(start)) return read_start_line(line, *start);
  if (!has_cr && !rules_.allow_lone_lf) return Http1Error::bad_line_end;
  if (line.empty()) {
    state_ = ReadState::complete;
    return Http1Error::none;
  }
  if (ascii::is_blank(line.front())) return read_continuation(line, offset, fields);
  const std::size_t colon = find_invalid_token_byte(line);
  if (colon == 0 || colon == std::string_view::npos || line[colon] != ':') {
    return Http1Error::bad_field_name;
  }
  // Nothing else is left that can be wrong with it.
  return is_field_value(line.substr(colon + 1)) ? Http1Error::too_many_fields
                                                : Http1Error::bad_field_value;
}

std::size_t FieldSectionReader::read_usual_start(std::string_view input, std::size_t offset,
                                                 StartLine& start) {
  const std::size_t most = std::min<std::size_t>(limits_.max_line, limits_.max_head - offset);
  const std::size_t size = start.read_usual(input.substr(0, most));
  past_start_line_ = size > 0;
  return size;
}

Http1Error FieldSectionReader::read_start_line(std::string_view line, StartLine& start) {
  if (line.empty() && empty_lines_left_ > 0) {
    --empty_lines_left_;
    return Http1Error::none;
  }
  past_start_line_ = true;
  return start.read(line);
}

Http1Error FieldSectionReader::read_continuation(std::string_view line, std::size_t offset,
                                                 HeaderMap& fields) {
  if (!rules_.allow_folds || fields.entries_.empty()) return Http1Error::unexpected_fold;
  if (!is_field_value(line)) return Http1Error::bad_field_value;
  const char* const end = line.data() + line.size();
  const char* const value = skip_blanks(line.data(), end);
  const char* const value_end = trim_blanks(value, end);
  if (value == value_end) return Http1Error::none;
  const auto position = [&](const char* at) {
    return static_cast<std::uint32_t>(offset + static_cast<std::size_t>(at - line.data()));
  };
  HeaderMap::Entry& entry = fields.entries_.back();
  if (entry.value_size == 0) entry.value_at = position(value);
  entry.value_size = position(value_end) - entry.value_at;
  has_folds_ = true;
  return Http1Error::none;
}

// Puts one space where folded values were broken, once their text is in the map.
void FieldSectionReader::join_values(HeaderMap& fields) {
  for (HeaderMap::Entry& entry : fields.entries_) {
    char* const value = fields.text_.data() + entry.value_at;
    const char* const end = join_folds(value, value + entry.value_size);
    entry.value_size = static_cast<std::uint32_t>(end - value);
  }
}

// What is wrong with the line at `offset`, of which `size` bytes have come: its size, or, while it
// is unfinished, a beginning that no valid line has. `line` has at least the first of those bytes.
// A wrong beginning came first, so it is what counts if the line is too long as well.
Http1Error FieldSectionReader::check_line(std::string_view line, std::size_t size,
                                          std::size_t offset,
                                          const StartLine* start) const noexcept {
  const std::size_t room = limits_.max_head - offset;
  const bool fits = size <= std::min<std::size_t>(limits_.max_line, room);
  if (fits && line.ends_with('\n')) return Http1Error::none;
  if (!is_past(start)) {
    const Http1Error beginning = start->check_beginning(line);
    if (beginning != Http1Error::none) return beginning;
  }
  if (fits) return Http1Error::none;
  return room < limits_.max_line ? Http1Error::head_too_large : Http1Error::line_too_long;
}

}  // namespace rondo::proto
