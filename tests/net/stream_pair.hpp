#pragma once
// What the stream tests do again and again.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/net/tcp.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::net {

using Stream = std::unique_ptr<ByteStream>;

struct StreamPair {
  Stream client;
  Stream server;
};

/// A connection through `listener`.
inline Task<StreamPair> connect_pair(TcpListener& listener) {
  auto both = co_await gather(TcpStream::connect(listener.local_address()), listener.accept());
  co_return StreamPair{std::move(std::get<0>(both)), std::move(std::get<1>(both))};
}

/// A connection over 127.0.0.1; the listener has gone.
inline Task<StreamPair> connect_pair() {
  TcpListener listener(SocketAddress::loopback(0));
  co_return co_await connect_pair(listener);
}

/// Connects to a listener that accepts nothing until its queue is full: the next connection is not
/// there within `patience`.
template <class Socket>
Task<std::vector<Stream>> fill_queue(SocketAddress address, Clock::duration patience) {
  std::vector<Stream> streams;
  try {
    while (true) streams.push_back(co_await timeout(patience, Socket::connect(address)));
  } catch (const TimeoutError&) {
    co_return streams;
  }
}

/// What one read gives.
inline Task<std::string> read_some(ByteStream& stream) {
  std::string text(4096, '\0');
  const std::size_t count = co_await stream.read(text);
  text.resize(count);
  co_return text;
}

/// Everything up to the end of the stream.
inline Task<std::string> read_all(ByteStream& stream) {
  std::string all;
  while (true) {
    const std::string part = co_await read_some(stream);
    if (part.empty()) co_return all;
    all += part;
  }
}

/// `what()` of the `Error` of type E that `task` must end with.
template <class E, class T>
Task<std::string> message_of(Task<T> task) {
  try {
    static_cast<void>(co_await std::move(task));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const E& error) {
    co_return error.what();
  }
  co_return "";
}

}  // namespace rondo::net
