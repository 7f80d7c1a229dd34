#pragma once
// Reads a field section: an optional start line, field lines, and the empty line behind them
// (RFC 9112 §2.1, §5). Heads and trailers are both read with this.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_error.hpp"
#include "rondo/proto/http1_limits.hpp"

namespace rondo::proto {

/// How far an incremental reader has come. `complete` and `error` are final until it is reset.
enum class ReadState : std::uint8_t { need_more, complete, error };

/// What `feed()` made of its input: the first `consumed` bytes belong to this reader, those behind
/// them to whatever follows. In `need_more` all of the input is consumed. In `error` the number
/// means nothing.
struct ReadProgress {
  std::size_t consumed;
  ReadState state;
};

/// Takes the first line of a head.
class StartLine {
 public:
  /// Reads a line without its end. The view dies with the call.
  virtual Http1Error read(std::string_view line) = 0;

  /// Reads the line that most heads begin with, if `input` does: gives its size, the end included.
  /// 0: it is another one, or not there as a whole.
  virtual std::size_t read_usual([[maybe_unused]] std::string_view input) { return 0; }

  /// `none` if a valid line can begin with these bytes (at least one). Asked before `read()`, and
  /// for unfinished lines, so that a peer that speaks another protocol is found out at once.
  [[nodiscard]] virtual Http1Error check_beginning(std::string_view) const {
    return Http1Error::none;
  }

 protected:
  StartLine() = default;
  StartLine(const StartLine&) = default;
  StartLine& operator=(const StartLine&) = default;
  ~StartLine() = default;
};

/// What differs between the sections.
struct FieldSectionRules {
  /// Takes lines that continue the value of the line before them (obsolete folding, RFC 9112
  /// §5.2), and puts one space where they are joined.
  bool allow_folds = false;
  /// Takes a line that ends in LF without CR. A CR without LF never ends a line.
  bool allow_lone_lf = false;
  /// Empty lines that may stand in front of the start line (RFC 9112 §2.2).
  std::uint8_t leading_empty_lines = 0;
};

/// Incremental reader of one field section. Lines are judged in the input where they lie; then all
/// of the input that was read goes into the map's text in one copy, and the map's entries point
/// there. The outcome is the same however the input is split: a line is judged when it is complete,
/// and an unfinished one is only measured.
class FieldSectionReader {
 public:
  FieldSectionReader(const FieldSectionRules& rules, const Http1Limits& limits) noexcept
      : limits_(limits), rules_(rules), empty_lines_left_(rules.leading_empty_lines) {}

  /// Reads on in `input`. `fields` must be the same map, unchanged, from the first call to the
  /// last. What it had before goes; but of a section that was read before, the lines that come
  /// again at its beginning are compared, and not read. `start` takes the first line; null if there
  /// is none.
  ReadProgress feed(std::string_view input, HeaderMap& fields, StartLine* start = nullptr);

  /// Begins anew with the next section.
  void reset() noexcept;

  /// The same, with other limits from now on.
  void reset(const Http1Limits& limits) noexcept;

  /// Why the state is `error`; otherwise `none`.
  [[nodiscard]] Http1Error error() const noexcept { return error_; }

  /// Whether any byte of this section has been read.
  [[nodiscard]] bool has_begun() const noexcept { return has_begun_; }

 private:
  std::size_t keep_same_lines(std::string_view input, HeaderMap& fields, StartLine* start);
  static std::size_t drop_lines(std::size_t size, HeaderMap& fields) noexcept;
  std::size_t finish_line(std::string_view input, HeaderMap& fields, StartLine* start);
  std::size_t read_lines(std::string_view input, HeaderMap& fields, StartLine* start);
  const char* add_fields(const char* at, const char* end, std::size_t offset,
                         HeaderMap& fields) const;
  bool ends_section(const char* at, const char* end, std::size_t offset,
                    const StartLine* start) const noexcept;
  Http1Error read_line(std::string_view line, std::size_t offset, HeaderMap& fields,
                       StartLine* start);
  std::size_t read_usual_start(std::string_view input, std::size_t offset, StartLine& start);
  Http1Error read_start_line(std::string_view line, StartLine& start);
  Http1Error read_continuation(std::string_view line, std::size_t offset, HeaderMap& fields);
  static void join_values(HeaderMap& fields);
  Http1Error check_line(std::string_view line, std::size_t size, std::size_t offset,
                        const StartLine* start) const noexcept;
  [[nodiscard]] bool is_past(const StartLine* start) const noexcept {
    return start == nullptr || past_start_line_;
  }

  Http1Limits limits_;
  FieldSectionRules rules_;
  std::uint8_t empty_lines_left_;
  ReadState state_ = ReadState::need_more;
  Http1Error error_ = Http1Error::none;
  bool has_begun_ = false;
  bool past_start_line_ = false;
  bool has_folds_ = false;
  // Where in the map's text the line begins that is not finished yet; the text's end if none is.
  std::size_t line_at_ = 0;
};

}  // namespace rondo::proto
