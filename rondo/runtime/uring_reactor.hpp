#pragma once
// The reactor on io_uring.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "rondo/runtime/reactor.hpp"
#include "rondo/runtime/uring_buffers.hpp"
#include "rondo/runtime/uring_inlet.hpp"
#include "rondo/runtime/uring_ring.hpp"

namespace rondo::detail {

/// One system call a turn hands everything over that was asked and takes everything that has ended.
/// A cancelled send, file operation or large receive ends when the kernel has let go of its memory;
/// everything else that is cancelled ends at once.
class UringReactor final : public Reactor {
 public:
  /// Throws `OsError`.
  UringReactor();
  /// Waits until the kernel uses no memory of operations any more.
  ~UringReactor() override;

  bool submit(Operation& operation) noexcept override;
  void cancel(Operation& operation) noexcept override;
  void close(int descriptor) noexcept override;
  bool is_quiet(int descriptor) noexcept override;
  bool poll(std::chrono::milliseconds limit) noexcept override;
  void flush() noexcept override;
  void wake() noexcept override;
  std::size_t pending() const noexcept override { return pending_ + pending_files_; }
  std::string_view name() const noexcept override { return "io_uring"; }
  bool carries_out_files() const noexcept override { return true; }
  bool is_busy_with_files() const noexcept override { return pending_files_ > 0; }

 private:
  /// Tells the completions of one request from those of all others; 0: there is none.
  using Token = std::uint64_t;

  struct Descriptor {
    Operation* reader = nullptr;
    Operation* writer = nullptr;
    Token receive = 0;  // the multishot receive, which outlives the operations it serves
    Token reader_poll = 0;
    Token writer_poll = 0;
    UringInlet inlet;
    int error = 0;          // met by the multishot receive while nobody waited: for the next one
    bool ended = false;     // the end of the stream has come
    bool ending = false;    // the multishot receive was cancelled, and tells so soon
    bool direct = false;    // the kernel receives into the reader's own memory
    bool readable = false;  // there is probably something that no receive has brought
    bool is_bulky = false;  // much comes at once: it is received when somebody has room for it
    std::uint8_t small_ones = 0;  // receives in a row that have left room, while it is
    bool cancels_reader = false;  // it was cancelled, and ends when the kernel says so
    bool cancels_writer = false;
  };

  struct Message;  // what sendmsg is told, until the kernel has read it

  Descriptor& at(int descriptor);  // good until the next call

  bool submit_receive(Operation& operation) noexcept;
  bool submit_send(Operation& operation) noexcept;
  bool submit_readiness(Operation& operation) noexcept;
  bool submit_file(Operation& operation) noexcept;

  bool take_received(Operation& operation) noexcept;
  void start_receive(int number, bool must_be_direct = false) noexcept;
  static void note_plain_receive(Descriptor& descriptor, const Operation& operation) noexcept;
  void start_send(Operation& operation) noexcept;
  void start_poll(const Operation& operation) noexcept;
  void end_receive(Descriptor& descriptor) noexcept;
  void ask_to_cancel(Token token) noexcept;
  void cancel_at_once(Operation*& slot, Token& poll) noexcept;

  /// Cancels a pending operation and completes it before it returns.
  void finish(Operation& operation) noexcept;

  void handle(const UringCompletion& completion) noexcept;
  void on_operation(Operation& operation, std::int32_t result) noexcept;
  void on_sent(Operation& operation, std::int32_t result) noexcept;
  void on_direct(Operation& operation, std::int32_t result) noexcept;
  void on_ready(int number, bool in, std::int32_t result) noexcept;
  void on_received(int number, const UringCompletion& completion) noexcept;
  void on_piece(int number, std::uint16_t id, std::size_t size) noexcept;
  void on_receive_over(int number, std::int32_t result) noexcept;
  void tell_readable(Descriptor& descriptor) noexcept;
  void end(Operation*& slot, std::int64_t result) noexcept;

  void watch_wake() noexcept;
  /// A request to be filled in, its token last.
  [[nodiscard]] io_uring_sqe& note() noexcept;
  [[nodiscard]] Token token_for(int descriptor, unsigned kind) noexcept;

  UringRing ring_;
  UringBuffers buffers_;
  UringPieces pieces_;
  std::vector<Descriptor> descriptors_;  // by number
  std::vector<UringCompletion> completions_;
  std::size_t handled_ = 0;  // so many of them
  std::unique_ptr<Message[]> messages_;
  std::size_t next_message_ = 0;
  bool has_grown_ = false;  // the buffers, in this poll
  bool can_grow_ = true;
  std::size_t pending_ = 0;  // on descriptors
  std::size_t pending_files_ = 0;
  std::size_t held_ = 0;  // requests whose memory the kernel uses
  std::uint32_t last_serial_ = 0;
  int wake_descriptor_;
  bool watches_wake_ = false;
  std::uint64_t wakes_ = 0;  // the kernel reads the wake-up descriptor into it
};

}  // namespace rondo::detail
