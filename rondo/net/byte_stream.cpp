// The awaiter is the operation: a read or write on a stream costs one virtual call and no coroutine
// frame.

#include "rondo/net/byte_stream.hpp"

#include "rondo/base/error.hpp"

namespace rondo::net {
namespace detail {

bool StreamAwaiter::start(Operation& operation) {
  return stream_.start(operation);
}

void StreamAwaiter::stop(Operation& operation) noexcept {
  stream_.stop(operation);
}

std::size_t StreamAwaiter::transferred() const {
  const std::int64_t count = ended();
  if (count < 0) stream_.throw_error(*this);
  return static_cast<std::size_t>(count);
}

}  // namespace detail

StreamRead::StreamRead(ByteStream& stream, std::span<char> into) noexcept
    : StreamAwaiter(stream, Kind::receive) {
  data = into.data();
  size = into.size();
}

StreamWrite::StreamWrite(ByteStream& stream, std::string_view first,
                         std::string_view second) noexcept
    : StreamAwaiter(stream, Kind::send) {
  parts = {first, second};
}

void ByteStream::throw_error(const rondo::detail::Operation& operation) const {
  const bool reads = operation.kind == rondo::detail::Operation::Kind::receive;
  throw OsError(static_cast<int>(-operation.result),
                std::string(reads ? "read from " : "write to ") + std::string(peer()));
}

}  // namespace rondo::net
