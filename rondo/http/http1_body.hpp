#pragma once
// The body of an answer on an HTTP/1.1 connection.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rondo/http/connection.hpp"
#include "rondo/http/http1_transport.hpp"
#include "rondo/proto/http1_body.hpp"
#include "rondo/proto/http1_limits.hpp"

namespace rondo::http {

/// One object for all the bodies of a connection, one after the other.
class Http1Body final : public BodySource {
 public:
  Http1Body(Http1Transport& transport, const proto::Http1Limits& limits) noexcept
      : transport_(transport), decoder_({}, limits) {}

  /// An exchange begins: until its body has ended, the connection is of no use to others.
  void expect() noexcept { is_busy_ = true; }

  /// Limits of the bodies from the next `begin` on. Not within a body.
  void set_limits(const proto::Http1Limits& limits) noexcept { decoder_.set_limits(limits); }

  /// The head has come. `keeps_alive` is what both sides have said.
  void begin(const proto::BodyFraming& framing, bool keeps_alive) noexcept;

  [[nodiscard]] bool leaves_connection_usable() const noexcept { return !is_busy_ && keeps_alive_; }

  std::string_view take() override;
  Task<> fill(std::optional<TotalLimit> limit) override;
  Task<std::size_t> read_into(std::span<char> into, std::optional<TotalLimit> limit) override;
  bool at_end() const noexcept override;
  std::optional<std::uint64_t> remaining() const noexcept override { return decoder_.remaining(); }
  proto::HeaderMap trailers() const override { return decoder_.trailers(); }

 private:
  std::string_view next_piece();
  void check();
  [[noreturn]] void fail() const;
  void end() noexcept;

  Http1Transport& transport_;
  proto::BodyDecoder decoder_;
  std::string_view left_over_;    // of a piece that was larger than what `read_into` had room for
  std::uint64_t taken_ = 0;       // of the body, out of the buffer
  std::size_t last_receive_ = 0;  // how much came at once
  bool is_busy_ = false;
  bool keeps_alive_ = true;
};

}  // namespace rondo::http
