#pragma once
// A byte stream whose other end is a script.

#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/runnable.hpp"

namespace rondo::testing {

/// What the other end does.
struct StreamScript {
  static constexpr int kEndOfStream = 0;
  static constexpr int kSilence = -1;

  /// What is read: each read gives one piece, or as much of it as it has room for.
  std::vector<std::string> pieces;

  /// What comes after the last piece: the end of the stream, silence, or an errno such as
  /// ECONNRESET.
  int ending = kEndOfStream;

  /// Whether an operation that can end does so at once, or in the loop's next turn.
  bool ends_at_once = true;

  /// Writes wait for ever once this many bytes have been taken.
  std::size_t accepts = static_cast<std::size_t>(-1);

  /// The operation with this number, reads and writes counted together from 1, fails with
  /// `failure`; 0: none does.
  std::size_t failing_operation = 0;
  int failure = ECONNRESET;
};

/// What was done to a `ScriptedStream`; outlives it.
struct StreamRecord {
  std::string written;
  std::size_t reads = 0;
  std::size_t writes = 0;
  bool was_shut_down = false;
  bool was_destroyed = false;
};

/// Plays a script, and records. A failure, and a write that is cancelled, stay for that operation:
/// the script goes on with the next.
class ScriptedStream final : public net::ByteStream {
 public:
  ScriptedStream(StreamScript script, StreamRecord& record);
  ~ScriptedStream() override;

  Task<> shut_down() override;

  /// Quiet: nothing is left to read, and then comes silence.
  bool is_quiet() noexcept override;
  std::string_view peer() const noexcept override { return "script"; }
  bool start(rondo::detail::Operation& operation) noexcept override;
  void stop(rondo::detail::Operation& operation) noexcept override;

 private:
  /// Ends an operation from the loop.
  struct Later final : rondo::detail::Runnable {
    void run() noexcept override;

    rondo::detail::Operation* operation = nullptr;
  };

  /// Whether the operation ends: not in silence.
  bool play(rondo::detail::Operation& operation) noexcept;
  bool play_read(rondo::detail::Operation& operation) noexcept;
  bool play_write(rondo::detail::Operation& operation) noexcept;

  StreamScript script_;
  StreamRecord& record_;
  std::size_t next_piece_ = 0;
  Later reader_;
  Later writer_;
};

/// `text` in pieces of `size` bytes; the last may be shorter.
std::vector<std::string> in_pieces_of(std::size_t size, std::string_view text);

/// `text` in two pieces, the second from `position` on; in one when there is nothing to split.
std::vector<std::string> split_at(std::size_t position, std::string_view text);

}  // namespace rondo::testing
