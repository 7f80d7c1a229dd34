#pragma once
// Calls of streams as tasks, which the tests spawn, gather and limit in time.

#include <cstddef>
#include <string>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::testing {

/// What one read with room for `size` bytes gives.
inline Task<std::string> read_some(net::ByteStream& stream, std::size_t size = 1024) {
  std::string text(size, '\0');
  text.resize(co_await stream.read(text));
  co_return text;
}

inline Task<> write_all(net::ByteStream& stream, std::string text) {
  co_await stream.write(text);
}

/// The errno that `task` fails with, or 0.
template <class T>
Task<int> error_of(Task<T> task) {
  try {
    co_await std::move(task);
  } catch (const OsError& error) {
    co_return error.code();
  }
  co_return 0;
}

}  // namespace rondo::testing
