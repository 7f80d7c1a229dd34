// What happens to sockets whose loop has ended, runs elsewhere, or is another one.

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "rondo/net/tcp.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "tests/net/stream_pair.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::net {
namespace {

class StreamLifetimeTest : public test::EachBackend {};
RONDO_ON_EACH_BACKEND(StreamLifetimeTest);

Task<> write_to(ByteStream& stream) {
  co_await stream.write("x");
}

Task<std::string> message_of_read(ByteStream& stream) {
  try {
    co_await read_some(stream);
  } catch (const Error& error) {
    co_return error.what();
  }
  co_return "nothing was thrown";
}

TEST_P(StreamLifetimeTest, ClosesItsDescriptorWhenItOutlivesItsLoop) {
  const auto before = test::open_descriptors();
  {
    std::optional<StreamPair> pair = run(connect_pair());
    EXPECT_EQ(test::open_descriptors().size(), before.size() + 2);
  }
  EXPECT_EQ(test::open_descriptors(), before);
}

Task<std::string> use_orphan(StreamPair& pair) {
  EXPECT_FALSE(pair.client->is_quiet());
  EXPECT_THROW(co_await write_to(*pair.client), LoopClosedError);
  EXPECT_THROW(co_await pair.client->shut_down(), LoopClosedError);
  co_return co_await message_of_read(*pair.client);
}

TEST_P(StreamLifetimeTest, SaysThatItsLoopIsClosed) {
  StreamPair pair = run(connect_pair());
  const std::string message = run(use_orphan(pair));
  EXPECT_TRUE(message.starts_with("Event loop is closed: by run()")) << message;
  const std::string owner = "the connection to " + std::string(pair.client->peer());
  EXPECT_TRUE(message.ends_with("; " + owner + " belonged to it")) << message;
}

TEST_P(StreamLifetimeTest, SaysThatItBelongsToAnotherLoop) {
  EventLoop own(options());
  EventLoop other(options());
  StreamPair pair = own.run_until_complete(connect_pair());
  const std::string message = other.run_until_complete(message_of_read(*pair.client));
  EXPECT_TRUE(message.starts_with("the connection to " + std::string(pair.client->peer()) +
                                  " belongs to the event loop created at "
                                  "stream_lifetime_test.cpp:"))
      << message;
  EXPECT_THROW(other.run_until_complete(write_to(*pair.client)), WrongLoopError);
  own.run_until_complete(write_to(*pair.client));
}

TEST_P(StreamLifetimeTest, SaysThatItBelongsToAnotherThread) {
  EventLoop own(options());
  StreamPair pair = own.run_until_complete(connect_pair());
  const auto use_elsewhere = [&] {
    EXPECT_THROW(run(write_to(*pair.client)), WrongThreadError);
    EXPECT_FALSE(pair.client->is_quiet());
  };
  std::thread(use_elsewhere).join();
  own.run_until_complete(write_to(*pair.client));
}

Task<> destroy_on_another_thread() {
  TcpListener listener(SocketAddress::loopback(0));
  for (int i = 0; i < 5; ++i) {
    StreamPair pair = co_await connect_pair(listener);
    Stream client = std::move(pair.client);
    const auto destroy = [&client] { client.reset(); };
    co_await to_thread(destroy);
    // The peer sees the end, and the next round finds the descriptor's number fit for use.
    EXPECT_EQ(co_await read_all(*pair.server), "");
  }
}

TEST_P(StreamLifetimeTest, IsClosedByItsLoopWhenItIsDestroyedOnAnotherThread) {
  const auto before = test::open_descriptors();
  run(destroy_on_another_thread());
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST_P(StreamLifetimeTest, LeavesNothingWhenTheLoopClosesBeforeItHearsOfTheDestruction) {
  const auto before = test::open_descriptors();
  {
    EventLoop own(options());
    std::optional<StreamPair> pair = own.run_until_complete(connect_pair());
    std::thread([&] { pair.reset(); }).join();
  }
  EXPECT_EQ(test::open_descriptors(), before);
}

Task<> reset_connection() {
  StreamPair pair = co_await connect_pair();
  dynamic_cast<SocketStream&>(*pair.client).reset_on_close();
  pair.client.reset();
  const std::string peer(pair.server->peer());
  EXPECT_EQ(co_await message_of<OsError>(read_all(*pair.server)),
            "cannot read from " + peer + ": Connection reset by peer");
}

TEST_P(StreamLifetimeTest, EndsWithAResetWhereThatIsAskedFor) {
  run(reset_connection());
}

Task<> accept_on(TcpListener& listener) {
  static_cast<void>(co_await listener.accept());
}

Task<std::unique_ptr<TcpListener>> make_listener() {
  co_return std::make_unique<TcpListener>(SocketAddress::loopback(0));
}

TEST_P(StreamLifetimeTest, HoldsForListenersToo) {
  const auto before = test::open_descriptors();
  {
    const std::unique_ptr<TcpListener> listener = run(make_listener());
    const std::string name = listener->local_address().to_string();
    try {
      run(accept_on(*listener));
      ADD_FAILURE() << "nothing was thrown";
    } catch (const LoopClosedError& error) {
      const std::string message = error.what();
      EXPECT_TRUE(message.ends_with("; the listener on " + name + " belonged to it")) << message;
    }
  }
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST(TcpListener, NeedsARunningLoop) {
  EXPECT_THROW(TcpListener(SocketAddress::loopback(0)), NoRunningLoopError);
}

}  // namespace
}  // namespace rondo::net
