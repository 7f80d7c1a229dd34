#pragma once
// A connection that speaks HTTP/1.1 (RFC 9112).

#include <cstddef>
#include <exception>
#include <memory>

#include "rondo/base/long_lived.hpp"
#include "rondo/http/connection.hpp"
#include "rondo/http/http1_body.hpp"
#include "rondo/http/http1_exchange.hpp"
#include "rondo/http/http1_transport.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/proto/http1_limits.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::http {

/// One exchange at a time; a body is read to its end before the next.
class Http1Connection final : public Connection, public LongLived {
 public:
  /// How many informational answers are passed over before one exchange fails.
  static constexpr int kMaxInformational = 32;

  /// `needs_shut_down`: there is TLS in `stream`. `limits` are those of hops that have none of
  /// their own. `tls` describes that with the server.
  Http1Connection(std::unique_ptr<net::ByteStream> stream, bool needs_shut_down,
                  const proto::Http1Limits& limits = {},
                  std::shared_ptr<const tls::TlsInfo> tls = nullptr);

  Http1Exchange begin_exchange(Hop& hop, Stage& stage) override;
  bool take_answer(const Hop& hop, Stage& stage, Reply& reply) override;
  Task<> finish_exchange(Hop& hop, Stage& stage, Reply& reply) override;
  Progress progress() const noexcept override { return transport_.progress(); }
  bool is_reusable() const noexcept override {
    return body_.leaves_connection_usable() && transport_.has_sent_all();
  }
  void rest() noexcept override { transport_.buffer().release(); }
  bool is_quiet() noexcept override { return transport_.stream().is_quiet(); }
  Task<> shut_down() override { return transport_.stream().shut_down(); }
  bool needs_shut_down() const noexcept override { return needs_shut_down_; }
  std::string_view peer() const noexcept override { return transport_.stream().peer(); }
  const std::shared_ptr<const tls::TlsInfo>& tls() const noexcept override { return tls_; }
  std::string_view http_version() const noexcept override { return is_1_0_ ? "1.0" : "1.1"; }

 private:
  friend class Http1Exchange;
  void begin(const Hop& hop, Stage& stage);
  void note_sent(Hop& hop, Stage& stage);
  void require_answer(std::size_t count) const;
  void read_into(Reply& reply) noexcept;
  Task<> send(const Hop& hop, Reply& reply);
  void set_limits(const proto::Http1Limits* of_hop) noexcept;
  Task<> receive_more();
  Task<> send_expecting(const Hop& hop, Reply& reply);
  Task<> wait_for_continue(const Hop& hop, Reply& reply);
  int read_head(const Hop& hop, Reply& reply);
  void note_informational(const Hop& hop, Reply& reply);
  void end_exchange(const Hop& hop, Stage& stage, Reply& reply);

  // What every exchange looks at stands side by side.
  Http1Transport transport_;
  Clock::time_point since_;  // when the exchange has begun to send, or to wait
  int informational_count_ = 0;
  bool has_sent_ = false;
  bool has_final_head_ = false;
  bool has_reply_ = false;          // where the answer goes to
  bool has_limits_of_hop_ = false;  // of the last one, in place of `limits_`
  bool needs_shut_down_;
  bool is_1_0_ = false;
  proto::ResponseHeadParser parser_;
  Http1Body body_;
  std::shared_ptr<const tls::TlsInfo> tls_;
  std::exception_ptr write_error_;  // what a request has failed with that leaves at once
  const proto::Http1Limits limits_;
};

}  // namespace rondo::http
