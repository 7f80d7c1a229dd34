#pragma once
// The bytes of an HTTP/1.1 connection: what head and body are received through.

#include <cstddef>
#include <memory>
#include <span>

#include "rondo/http/connection.hpp"
#include "rondo/http/receive_buffer.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// A stream and the buffer in front of it. Failures come as `ExchangeFailure`.
class Http1Transport {
 public:
  explicit Http1Transport(std::unique_ptr<net::ByteStream> stream) : stream_(std::move(stream)) {}

  /// Writes the whole request.
  Task<> send(std::string_view head, std::string_view body);

  /// Receives into memory of the caller's; 0: the peer has ended the stream.
  Task<std::size_t> receive(std::span<char> into);

  /// Receives into the buffer, which is empty; false: the peer has ended the stream.
  Task<bool> receive_more();

  [[nodiscard]] ReceiveBuffer& buffer() noexcept { return buffer_; }
  [[nodiscard]] net::ByteStream& stream() noexcept { return *stream_; }
  [[nodiscard]] const net::ByteStream& stream() const noexcept { return *stream_; }
  [[nodiscard]] Progress progress() const noexcept { return progress_; }

  /// Whether a request left in part only: nothing can follow it.
  [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }

  /// A new exchange begins.
  void begin() noexcept { progress_ = Progress::unsent; }

 private:
  std::unique_ptr<net::ByteStream> stream_;
  ReceiveBuffer buffer_;
  Progress progress_ = Progress::unsent;
  bool is_cut_ = false;
};

}  // namespace rondo::http
