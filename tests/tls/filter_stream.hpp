#pragma once
// A stream that meddles with what passes through.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/runnable.hpp"

namespace rondo::tls {

/// What to do with the bytes that are read.
struct Meddling {
  /// The stream ends after this many.
  std::optional<std::size_t> ends_after = {};

  /// The byte with this number is changed.
  std::optional<std::size_t> flips = {};

  /// Stopping an operation takes effect in the loop's next turn, as it does where the system ends
  /// operations by itself.
  bool stops_late = false;
};

/// What passed through.
struct Traffic {
  std::size_t reads = 0;
  std::size_t bytes_read = 0;
  std::vector<std::size_t> writes;  ///< their sizes
};

class FilterStream final : public net::ByteStream {
 public:
  /// `traffic` outlives the stream.
  FilterStream(std::unique_ptr<net::ByteStream> lower, Meddling meddling, Traffic& traffic);

  Task<> shut_down() override {
    was_shut_down_ = true;
    return lower_->shut_down();
  }
  bool is_quiet() noexcept override { return !seems_busy_ && lower_->is_quiet(); }
  std::string_view peer() const noexcept override { return lower_->peer(); }
  bool start(rondo::detail::Operation& operation) noexcept override;
  void stop(rondo::detail::Operation& operation) noexcept override;
  void throw_error(const rondo::detail::Operation& operation) const override;

  [[nodiscard]] bool was_shut_down() const noexcept { return was_shut_down_; }

  /// Whether a read or write is under way.
  [[nodiscard]] bool is_busy() const noexcept {
    return reading_.outer != nullptr || writing_.outer != nullptr;
  }

  /// From now on writes wait until they are stopped.
  void hold_writes() noexcept { holds_writes_ = true; }

  /// Changes the next byte that is read.
  void flip_next() noexcept { meddling_.flips = traffic_.bytes_read; }

  /// From now on the stream never seems quiet, as one whose readiness is out of date.
  void seem_busy() noexcept { seems_busy_ = true; }

 private:
  /// One direction's operation on the lower stream.
  struct Hop final : rondo::detail::Operation, rondo::detail::Runnable {
    Hop(FilterStream& owner, Kind kind_of_operation) noexcept;
    void run() noexcept override;  // the late stop
    void stop() noexcept;
    static void on_end(rondo::detail::Operation& operation) noexcept;

    FilterStream& stream;
    rondo::detail::Operation* outer = nullptr;
  };

  bool start_hop(Hop& hop, rondo::detail::Operation& operation) noexcept;
  void meddle(Hop& hop) noexcept;

  std::unique_ptr<net::ByteStream> lower_;
  Meddling meddling_;
  Traffic& traffic_;
  bool was_shut_down_ = false;
  bool holds_writes_ = false;
  bool seems_busy_ = false;
  Hop reading_{*this, rondo::detail::Operation::Kind::receive};
  Hop writing_{*this, rondo::detail::Operation::Kind::send};
};

}  // namespace rondo::tls
