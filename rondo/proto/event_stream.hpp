#pragma once
// Server-Sent Events: the type text/event-stream (HTML Standard §9.2, "Interpreting an event
// stream").
//
//   EventStreamParser parser;
//   while (std::optional<ServerSentEvent> event = parser.feed(bytes)) use(*event);
//   // bytes are used up, or parser.error() is set

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

/// One event. All text is UTF-8; what was not has U+FFFD in its place.
struct ServerSentEvent {
  std::string type = "message";
  std::string data;  ///< several lines are joined by LF
  /// The last id that the stream has given, in this event or an earlier one: what goes into
  /// Last-Event-ID to go on behind this event.
  std::string id;
  friend bool operator==(const ServerSentEvent&, const ServerSentEvent&) = default;
};

/// How much memory a server can make a stream take.
struct EventStreamLimits {
  std::size_t max_line = std::size_t{1024} * 1024;       ///< bytes of one line, comments included
  std::size_t max_event = std::size_t{8} * 1024 * 1024;  ///< bytes of the data of one event
};

enum class EventStreamError : std::uint8_t { none, line_too_long, event_too_large };

/// Incremental parser. Lines end with LF, CR or CRLF; a byte order mark in front is passed over;
/// the outcome is the same however the input is cut. What is unfinished when the stream ends was
/// never an event: the standard drops it.
class EventStreamParser {
 public:
  explicit EventStreamParser(const EventStreamLimits& limits = {}) noexcept : limits_(limits) {}

  /// Reads on, and takes what it has read off `input`: up to the end of one event, or all of it.
  /// Nothing: there is no further event in it, or it is an error.
  std::optional<ServerSentEvent> feed(std::string_view& input);

  /// An error ends the stream: nothing more is read.
  [[nodiscard]] EventStreamError error() const noexcept { return error_; }

  /// How long to wait before connecting again, if the stream has said so.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

  /// As of the last event that was complete.
  [[nodiscard]] const std::string& last_event_id() const noexcept { return last_id_; }

  /// Begins a new stream, as after connecting again: what was unfinished goes, the last id stays.
  void restart();

 private:
  bool take_line(std::string_view& input);
  void read_line();
  void read_field(std::string_view name, std::string_view value);
  std::optional<ServerSentEvent> dispatch();
  void fail(EventStreamError error) noexcept { error_ = error; }

  EventStreamLimits limits_;
  EventStreamError error_ = EventStreamError::none;
  bool at_start_ = true;   // no line yet: there may be a byte order mark
  bool after_cr_ = false;  // an LF now would belong to the line before
  bool has_data_ = false;
  std::string line_;
  std::string type_;
  std::string data_;
  std::string id_;
  std::string last_id_;
  std::optional<std::chrono::milliseconds> retry_;
};

[[nodiscard]] std::string_view describe(EventStreamError error) noexcept;

}  // namespace rondo::proto
