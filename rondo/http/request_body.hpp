#pragma once
// What a request carries: bytes, a file, or whatever is made while it is sent.
//
//   session.post(url, {.data = "bytes"});
//   session.put(url, {.data = RequestBody::file("report.csv")});
//   session.post(url, {.data = RequestBody::stream(std::make_shared<Records>(database))});

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// A body that is made while it is sent. Derive from it and give it to `RequestBody::stream`. The
/// request shares it, and one that is being given up may still be awaiting `next` when its response
/// has gone. One request at a time.
class BodyStream {
 public:
  BodyStream() = default;
  BodyStream(const BodyStream&) = delete;
  BodyStream& operator=(const BodyStream&) = delete;
  virtual ~BodyStream() = default;

  /// The next piece, empty at the end. The view lasts until the next call. Never called again
  /// before it has ended. Cancelled when nobody wants the rest: the server has refused the body, or
  /// the request was cancelled. What it throws ends the request and is what the request throws,
  /// unless the answer has begun: then the connection is closed, and the answer counts.
  virtual Task<std::string_view> next() = 0;

  /// Awaited before the request is made: the place to open what the body comes from. Again before
  /// it is sent again, from its first byte, which happens only if `is_replayable`. Errors as above.
  virtual Task<> start() { co_return; }

  /// How many bytes it has in all: they are announced, and fewer or more are an `InvalidRequest`.
  /// Nothing: the body is sent in chunks (RFC 9112 §7.1). Asked behind `start`.
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const { return std::nullopt; }

  /// Whether `start` may be called again: what a redirect with the status 307 or 308, and sending
  /// again over a new connection, depend on.
  [[nodiscard]] virtual bool is_replayable() const noexcept { return false; }

  /// Whether it has been started, or may be again; notes that it has been.
  bool may_start() noexcept { return !std::exchange(was_started_, true) || is_replayable(); }

 private:
  bool was_started_ = false;
};

/// A body as a value. Copies share what is behind it.
class RequestBody {
 public:
  /// No body.
  RequestBody() noexcept = default;
  explicit RequestBody(std::string bytes, std::string content_type = {})
      : bytes_(std::make_shared<const std::string>(std::move(bytes))),
        content_type_(std::move(content_type)) {}

  /// Made while it is sent, with `content_type` unless the request has a header that says so.
  static RequestBody stream(std::shared_ptr<BodyStream> stream, std::string content_type = {});

  /// The content of a file, which is opened when the request begins, and read piece by piece
  /// without holding up the loop. Its size is that at the beginning; a file that ends earlier is an
  /// `InvalidRequest`, one that cannot be opened an `OsError`.
  static RequestBody file(std::string path, std::string content_type = {});

  [[nodiscard]] bool has_value() const noexcept { return bytes_ != nullptr || stream_ != nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  void reset() noexcept { *this = RequestBody(); }

  /// The bytes, or null: there is none, or a stream.
  [[nodiscard]] const std::shared_ptr<const std::string>& bytes() const noexcept { return bytes_; }

  /// The stream, or null.
  [[nodiscard]] const std::shared_ptr<BodyStream>& stream() const noexcept { return stream_; }

  /// The bytes, and no bytes where there is no body; nothing for a stream.
  [[nodiscard]] std::optional<std::string_view> at_hand() const noexcept {
    if (stream_ != nullptr) return std::nullopt;
    return bytes_ != nullptr ? std::string_view(*bytes_) : std::string_view();
  }

  /// Whether it can be sent again from its start. So can no body.
  [[nodiscard]] bool is_replayable() const noexcept {
    return stream_ == nullptr || stream_->is_replayable();
  }

  /// What the Content-Type is unless the request says it; may be empty.
  [[nodiscard]] const std::string& content_type() const noexcept { return content_type_; }

 private:
  std::shared_ptr<const std::string> bytes_;
  std::shared_ptr<BodyStream> stream_;
  std::string content_type_;
};

/// What the option `data` of a request takes: bytes, or a `RequestBody`, which may be a temporary.
/// A view (docs/design.md §10).
class BodyOption {
 public:
  constexpr BodyOption() noexcept = default;
  constexpr BodyOption(std::nullopt_t) noexcept {}
  constexpr BodyOption(std::string_view bytes) noexcept : bytes_(bytes) {}
  constexpr BodyOption(const char* bytes) noexcept : bytes_(bytes) {}
  BodyOption(const std::string& bytes) noexcept : bytes_(bytes) {}
  constexpr BodyOption(const std::optional<std::string_view>& bytes) noexcept : bytes_(bytes) {}
  constexpr BodyOption(const RequestBody& body) noexcept : body_(&body) {}

  [[nodiscard]] constexpr bool has_value() const noexcept {
    return bytes_.has_value() || (body_ != nullptr && body_->has_value());
  }

  /// The body with a copy of the bytes.
  [[nodiscard]] RequestBody body() const;

 private:
  std::optional<std::string_view> bytes_;
  const RequestBody* body_ = nullptr;
};

static_assert(std::is_trivially_destructible_v<BodyOption>);

}  // namespace rondo::http
