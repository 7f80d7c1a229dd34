#pragma once
// One request to the operating system, as a value: what the reactors work on.

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rondo/base/intrusive_list.hpp"

namespace rondo::detail {

struct OperationTag;

/// Completion-shaped: filled in, submitted, and told when it has ended, with the result or the
/// error in `result`. It lives in whatever waits for it (an awaiter, a stream), stays where it is
/// while it is pending, and is never copied.
class Operation : public ListElement<OperationTag> {
 public:
  /// What waits for a descriptor to be writable comes last; see `is_writer`.
  enum class Kind : std::uint8_t {
    receive,   ///< into `data`, at most `size`; result: bytes, 0 at the end of the stream
    accept,    ///< result: the new descriptor, non-blocking
    readable,  ///< until the descriptor can be read without waiting
    file,      ///< what the FileRequest at `address` says, where the reactor carries out files
    send,      ///< all of `parts`; result: their size
    connect,   ///< to `address`
    writable,  ///< until it can be written
  };
  using Complete = void (*)(Operation&) noexcept;

  /// Where a receive goes, asked when something is there to be taken: at least `size` bytes. Null:
  /// there is no memory.
  using FindRoom = char* (*)(Operation&) noexcept;

  explicit Operation(Complete on_end) noexcept : complete_(on_end) {}

  /// Reports the end of a pending operation. `code` is the result, or a negative errno.
  void complete(std::int64_t code) noexcept {
    result = code;
    complete_(*this);
  }

  /// Whether it waits until something can be written, and not until something can be read.
  [[nodiscard]] bool is_writer() const noexcept { return kind >= Kind::send; }

  /// Makes sure of `data`, before a receive takes something. False: there is no memory, which is
  /// its result.
  [[nodiscard]] bool has_room() noexcept {
    if (data == nullptr && find_room != nullptr) data = find_room(*this);
    if (data != nullptr || size == 0) return true;
    result = -ENOMEM;
    return false;
  }

  Kind kind = Kind::receive;
  int descriptor = -1;
  char* data = nullptr;  ///< of a receive; null as long as `find_room` has not been asked
  FindRoom find_room = nullptr;
  std::size_t size = 0;
  std::array<std::string_view, 2> parts;  ///< shrinks as they are sent
  const void* address = nullptr;          ///< a sockaddr, or a FileRequest
  unsigned address_size = 0;
  std::uint32_t pending_since = 0;  ///< the reactor's: see `Arrivals`
  std::int64_t result = 0;

 private:
  Complete complete_;
};

}  // namespace rondo::detail
