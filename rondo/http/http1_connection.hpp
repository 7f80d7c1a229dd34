#pragma once
// A connection that speaks HTTP/1.1 (RFC 9112).

#include <memory>

#include "rondo/http/connection.hpp"
#include "rondo/http/receive_buffer.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/proto/http1_body.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/proto/http1_limits.hpp"

namespace rondo::http {

/// One exchange at a time; a body is read to its end before the next.
class Http1Connection final : public Connection, private BodySource {
 public:
  /// How many informational answers are passed over before one exchange fails.
  static constexpr int kMaxInformational = 32;

  Http1Connection(std::unique_ptr<net::ByteStream> stream, bool is_secure,
                  const proto::Http1Limits& limits = {});

  Task<> send(const Hop& hop) override;
  Task<Reply> answer(const Hop& hop) override;
  Progress progress() const noexcept override { return progress_; }
  bool is_reusable() const noexcept override { return !is_busy_ && keeps_alive_; }
  void rest() noexcept override;
  bool is_quiet() noexcept override { return stream_->is_quiet(); }
  Task<> shut_down() override { return stream_->shut_down(); }
  bool needs_shut_down() const noexcept override { return is_secure_; }
  std::string_view peer() const noexcept override { return stream_->peer(); }
  std::string_view http_version() const noexcept override { return is_1_0_ ? "1.0" : "1.1"; }

 private:
  std::string_view take() override;
  Task<> fill() override;
  Task<std::size_t> read_into(std::span<char> into) override;
  bool at_end() const noexcept override;
  std::optional<std::uint64_t> remaining() const noexcept override { return body_.remaining(); }

  Task<> read_head();
  Task<std::size_t> receive(std::span<char> into);
  Task<bool> receive_more();
  void begin_body(const Hop& hop, const proto::ResponseHead& head);
  std::string_view next_piece();
  void check_body();
  void end_body() noexcept;

  std::unique_ptr<net::ByteStream> stream_;
  proto::Http1Limits limits_;
  proto::ResponseHeadParser parser_;
  proto::BodyDecoder body_;
  ReceiveBuffer buffer_;
  std::string_view left_over_;  // of a piece that was larger than what `read_into` had room for
  Progress progress_ = Progress::unsent;
  bool is_secure_;
  bool is_busy_ = false;
  bool keeps_alive_ = true;
  bool is_1_0_ = false;
};

}  // namespace rondo::http
