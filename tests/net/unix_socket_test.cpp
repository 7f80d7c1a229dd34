#include "rondo/net/unix_socket.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "rondo/runtime/timeout.hpp"

#include "tests/net/stream_pair.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/each_backend.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::net {
namespace {

using namespace std::chrono_literals;

class UnixSocketTest : public test::EachBackend {
 protected:
  [[nodiscard]] SocketAddress path() const {
    return SocketAddress::unix_path((directory_.path() / "socket").string());
  }

 private:
  test::TemporaryDirectory directory_;
};
RONDO_ON_EACH_BACKEND(UnixSocketTest);

Task<> talk(SocketAddress address) {
  UnixListener listener(address);
  EXPECT_EQ(listener.local_address(), address);
  auto both = co_await gather(UnixStream::connect(address), listener.accept());
  const Stream client = std::move(std::get<0>(both));
  const Stream server = std::move(std::get<1>(both));
  EXPECT_EQ(client->peer(), address.to_string());
  EXPECT_TRUE(client->is_quiet());
  co_await client->write("question");
  EXPECT_EQ(co_await read_some(*server), "question");
  co_await server->write("answer");
  co_await server->shut_down();
  EXPECT_EQ(co_await read_all(*client), "answer");
}

TEST_P(UnixSocketTest, TalksOverAPathAndRemovesItAfterwards) {
  run(talk(path()));
  EXPECT_FALSE(std::filesystem::exists(path().path()));
  run(talk(path()));
}

TEST_P(UnixSocketTest, TalksOverAnAbstractName) {
  run(talk(SocketAddress::unix_abstract("rondo-test-" + std::to_string(::getpid()))));
}

Task<> lose_the_path(SocketAddress address) {
  const UnixListener first(address);
  std::filesystem::remove(address.path());
  const UnixListener second(address);
  co_return;
}

Task<> replace_the_path(SocketAddress address) {
  auto first = std::make_unique<UnixListener>(address);
  std::filesystem::remove(address.path());
  UnixListener second(address);
  first.reset();
  co_await gather(UnixStream::connect(address), second.accept());
}

TEST_P(UnixSocketTest, LeavesAPathAloneThatSomebodyElseHasMade) {
  run(lose_the_path(path()));
  run(replace_the_path(path()));
}

Task<> connect_to_nobody(SocketAddress address) {
  EXPECT_EQ(co_await message_of<OsError>(UnixStream::connect(address)),
            "cannot connect to " + address.to_string() + ": No such file or directory");
  EXPECT_EQ(co_await message_of<OsError>(UnixStream::connect(SocketAddress::loopback(80))),
            "cannot connect to 127.0.0.1:80: Address family not supported by protocol");
}

TEST_P(UnixSocketTest, NamesThePathThatIsNotThere) {
  run(connect_to_nobody(path()));
}

/// Fills the listener's queue, and gives how many connections are in it.
Task<> accept_until_done(UnixListener& listener, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await listener.accept();
}

Task<> wait_for_room(SocketAddress address) {
  UnixListener listener(address, {.backlog = 2});
  const std::vector<Stream> waiting = co_await fill_queue<UnixStream>(address, 20ms);
  EXPECT_GT(waiting.size(), 0u);
  const auto before = test::open_descriptors();
  EXPECT_THROW(co_await timeout(10ms, UnixStream::connect(address)), TimeoutError);
  EXPECT_EQ(test::open_descriptors(), before);
  co_await timeout(
      5s, gather(UnixStream::connect(address), accept_until_done(listener, waiting.size() + 1)));
}

TEST_P(UnixSocketTest, WaitsForRoomInTheListenersQueue) {
  run(wait_for_room(path()));
}

}  // namespace
}  // namespace rondo::net
