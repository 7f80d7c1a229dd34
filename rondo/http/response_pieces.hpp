#pragma once
// The body of a response in pieces of the reader's choosing.
//
//   ResponseLines lines = response.lines();
//   while (true) {
//     const std::optional<std::string_view> line = co_await lines.next();
//     if (!line) break;
//     use(*line);
//   }

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/event_stream.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

class Response;

/// Pieces of one size. Refers to the response, which stays where it is; nobody else reads it
/// meanwhile. Errors and cancellation as of `Response::read_any`.
class ResponseChunks {
 public:
  ResponseChunks(Response& response, std::size_t size) noexcept
      : response_(&response), size_(size) {}

  /// `size` bytes; fewer at the end of the body only, none behind it. The view lasts until the next
  /// call.
  Task<std::string_view> next();

 private:
  std::string_view cut(std::size_t size) noexcept;

  Response* response_;
  std::size_t size_;
  std::string_view piece_;  // the response's, not handed out yet
  std::string gathered_;    // a chunk that lies in several pieces
};

/// Lines, as `ResponseChunks`.
class ResponseLines {
 public:
  ResponseLines(Response& response, std::size_t max_line) noexcept
      : response_(&response), max_line_(max_line) {}

  /// The next line without its end, which is LF or CRLF; the last one needs none. Nothing: the body
  /// has ended. The view lasts until the next call. Throws `ResponseTooLarge` for a line of more
  /// than `max_line` bytes.
  Task<std::optional<std::string_view>> next();

 private:
  void require_room(std::size_t size) const;

  Response* response_;
  std::size_t max_line_;
  std::string_view piece_;
  std::string gathered_;
};

/// Server-Sent Events, as `ResponseChunks`.
class ResponseEvents {
 public:
  ResponseEvents(Response& response, const proto::EventStreamLimits& limits) noexcept
      : response_(&response), parser_(limits) {}

  /// The next event; nothing: the stream has ended, and whether to connect again, with the last id
  /// as Last-Event-ID, is up to the caller. Throws `ResponseTooLarge` beyond the limits.
  Task<std::optional<proto::ServerSentEvent>> next();

  /// How long to wait before connecting again, if the server has said so.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const noexcept {
    return parser_.retry();
  }
  [[nodiscard]] const std::string& last_event_id() const noexcept {
    return parser_.last_event_id();
  }

 private:
  Response* response_;
  std::string_view piece_;
  proto::EventStreamParser parser_;
};

}  // namespace rondo::http
