// A list through the table of pieces, which is indexed as the buffers are.

#include "rondo/runtime/uring_inlet.hpp"

#include <algorithm>
#include <cstring>

namespace rondo::detail {

void UringInlet::append(UringPieces& pieces, std::uint16_t id, std::size_t begin,
                        std::size_t end) noexcept {
  pieces[id] = {.begin = static_cast<std::uint16_t>(begin), .end = static_cast<std::uint16_t>(end)};
  if (count_ == 0) {
    first_ = id;
  } else {
    pieces[last_].next = id;
  }
  last_ = id;
  ++count_;
}

std::size_t UringInlet::take(UringPieces& pieces, UringBuffers& buffers, char* into,
                             std::size_t size) noexcept {
  std::size_t taken = 0;
  while (count_ > 0 && taken < size) {
    const std::uint16_t id = first_;
    UringPiece& piece = pieces[id];
    const std::size_t part = std::min<std::size_t>(piece.end - piece.begin, size - taken);
    std::memcpy(into + taken, buffers.data(id) + piece.begin, part);
    taken += part;
    piece.begin = static_cast<std::uint16_t>(piece.begin + part);
    if (piece.begin < piece.end) break;
    first_ = piece.next;
    --count_;
    buffers.give_back(id);
  }
  return taken;
}

void UringInlet::clear(const UringPieces& pieces, UringBuffers& buffers) noexcept {
  for (; count_ > 0; --count_) {
    buffers.give_back(first_);
    first_ = pieces[first_].next;
  }
}

}  // namespace rondo::detail
