#include "rondo/net/tcp.hpp"

#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>

#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "tests/net/stream_pair.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/each_backend.hpp"
#include "tests/support/loopback_port.hpp"

namespace rondo::net {
namespace {

using namespace std::chrono_literals;
using Family = SocketAddress::Family;

class TcpTest : public test::EachBackend {};
RONDO_ON_EACH_BACKEND(TcpTest);

Task<> talk_both_ways(Family family) {
  TcpListener listener(SocketAddress::loopback(0, family));
  StreamPair pair = co_await connect_pair(listener);
  co_await pair.client->write("to the ", "server");
  EXPECT_EQ(co_await read_some(*pair.server), "to the server");
  co_await pair.server->write("to the client");
  EXPECT_EQ(co_await read_some(*pair.client), "to the client");
  EXPECT_EQ(pair.client->peer(), listener.local_address().to_string());
  const SocketAddress client = dynamic_cast<TcpStream&>(*pair.client).local_address();
  EXPECT_EQ(pair.server->peer(), client.to_string());
}

TEST_P(TcpTest, TalksBothWaysOverIpv4) {
  run(talk_both_ways(Family::ipv4));
}

TEST_P(TcpTest, TalksBothWaysOverIpv6) {
  run(talk_both_ways(Family::ipv6));
}

/// Repeats itself after a prime number of bytes only, so that a piece that is lost or sent twice
/// shows.
std::string pattern(std::size_t size) {
  std::string block;
  for (int i = 0; i < 10'007; ++i) block.push_back(static_cast<char>(i * 7 + i / 251));
  std::string text;
  while (text.size() < size) text += block;
  text.resize(size);
  return text;
}

Task<> write_pattern(ByteStream& stream, std::size_t size) {
  const std::string data = pattern(size);
  const std::string_view view = data;
  co_await stream.write(view.substr(0, size / 3), view.substr(size / 3));
  co_await stream.shut_down();
}

Task<> expect_pattern(ByteStream& stream, std::size_t size) {
  const std::string data = co_await read_all(stream);
  EXPECT_TRUE(data == pattern(size)) << data.size() << " bytes came";
}

Task<> write_more_than_fits() {
  constexpr std::size_t kSize = 20'000'000;
  StreamPair pair = co_await connect_pair();
  co_await gather(write_pattern(*pair.client, kSize), expect_pattern(*pair.server, kSize));
}

TEST_P(TcpTest, WritesBothPartsWholeWhenTheyAreMoreThanTheSystemBuffers) {
  run(write_more_than_fits());
}

Task<> end_one_direction() {
  StreamPair pair = co_await connect_pair();
  co_await pair.client->write("question");
  co_await pair.client->shut_down();
  EXPECT_EQ(co_await read_all(*pair.server), "question");
  co_await pair.server->write("answer");
  pair.server.reset();
  EXPECT_EQ(co_await read_all(*pair.client), "answer");
}

TEST_P(TcpTest, ShutsDownItsOwnDirectionOnly) {
  run(end_one_direction());
}

Task<> connect_to_nobody(int port) {
  const auto address = SocketAddress::loopback(static_cast<std::uint16_t>(port));
  const std::string message = co_await message_of<OsError>(TcpStream::connect(address));
  EXPECT_EQ(message, "cannot connect to " + address.to_string() + ": Connection refused");
}

TEST_P(TcpTest, NamesTheAddressThatRefuses) {
  const test::RefusingPort nobody;
  run(connect_to_nobody(nobody.number()));
}

Task<> connect_to_itself(int port) {
  const auto address = SocketAddress::loopback(static_cast<std::uint16_t>(port));
  const std::string message =
      co_await message_of<OsError>(TcpStream::connect(address, {.local = address}));
  EXPECT_EQ(message, "cannot connect to " + address.to_string() + ": Connection refused");
}

TEST_P(TcpTest, NeverConnectsToItself) {
  run(connect_to_itself(test::free_port()));
}

Task<> connect_from(SocketAddress local) {
  TcpListener listener(SocketAddress::loopback(0));
  Task<Stream> connect = TcpStream::connect(listener.local_address(), {.local = local});
  auto both = co_await gather(std::move(connect), listener.accept());
  const auto from = SocketAddress::parse(std::get<1>(both)->peer());
  EXPECT_EQ(from.value().ip_string(), local.ip_string());
}

TEST_P(TcpTest, ConnectsFromTheLocalAddressItIsGiven) {
  run(connect_from(*SocketAddress::parse("127.0.0.77")));
}

Task<> connect_through(std::uint32_t interface) {
  TcpListener listener(SocketAddress::loopback(0));
  Task<Stream> connect = TcpStream::connect(listener.local_address(), {.interface = interface});
  auto both = co_await gather(std::move(connect), listener.accept());
  EXPECT_EQ(std::get<0>(both)->peer(), listener.local_address().to_string());
}

TEST_P(TcpTest, ConnectsThroughTheInterfaceItIsGiven) {
  run(connect_through(::if_nametoindex("lo")));
}

Task<> connect_through_nothing() {
  constexpr std::uint32_t kNoSuchInterface = 999999;
  const auto address = SocketAddress::loopback(80);
  const std::string words =
      co_await message_of<OsError>(TcpStream::connect(address, {.interface = kNoSuchInterface}));
  // Some kernels say so when it is bound, others when it connects.
  EXPECT_NE(words.find(": No such device"), std::string::npos) << words;
}

TEST_P(TcpTest, RefusesAnInterfaceThatIsNotThere) {
  run(connect_through_nothing());
}

Task<> connect_from_elsewhere() {
  TcpListener listener(SocketAddress::loopback(0));
  const SocketAddress local = *SocketAddress::parse("192.0.2.1");
  EXPECT_EQ(
      co_await message_of<OsError>(TcpStream::connect(listener.local_address(), {.local = local})),
      "cannot bind to 192.0.2.1:0: Cannot assign requested address");
}

TEST_P(TcpTest, RefusesALocalAddressThatIsNotLocal) {
  run(connect_from_elsewhere());
}

Task<> connect_to_a_path() {
  EXPECT_EQ(co_await message_of<OsError>(TcpStream::connect(SocketAddress::unix_path("/x"))),
            "cannot connect to unix:/x: Address family not supported by protocol");
}

TEST_P(TcpTest, ConnectsToIpAddressesOnly) {
  run(connect_to_a_path());
}

/// The descriptor of this process whose peer is `peer`.
int descriptor_connected_to(std::string_view peer) {
  for (const int descriptor : test::open_descriptors()) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) continue;
    if (SocketAddress::from_system(&address, size).to_string() == peer) return descriptor;
  }
  return -1;
}

int option(std::string_view peer, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  ::getsockopt(descriptor_connected_to(peer), level, name, &value, &size);
  return value;
}

Task<> look_at_options() {
  TcpListener listener(SocketAddress::loopback(0));
  const SocketAddress address = listener.local_address();
  StreamPair pair = co_await connect_pair(listener);
  EXPECT_EQ(option(pair.client->peer(), IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option(pair.client->peer(), SOL_SOCKET, SO_KEEPALIVE), 0);
  EXPECT_EQ(option(pair.server->peer(), IPPROTO_TCP, TCP_NODELAY), 1);
  pair.client.reset();
  const Stream probed = co_await TcpStream::connect(address, {.keep_alive = true});
  EXPECT_EQ(option(probed->peer(), SOL_SOCKET, SO_KEEPALIVE), 1);
}

TEST_P(TcpTest, SendsSmallWritesAtOnceAndProbesOnlyWhenAsked) {
  run(look_at_options());
}

/// Waits until the stream is no longer quiet.
Task<> wait_for_noise(ByteStream& stream) {
  while (stream.is_quiet()) co_await sleep(1ms);
}

Task<> listen_for_noise() {
  StreamPair pair = co_await connect_pair();
  EXPECT_TRUE(pair.client->is_quiet());
  co_await pair.server->write("unasked");
  co_await timeout(5s, wait_for_noise(*pair.client));
  EXPECT_EQ(co_await read_some(*pair.client), "unasked");
  EXPECT_TRUE(pair.client->is_quiet());
  co_await pair.server->shut_down();
  co_await timeout(5s, wait_for_noise(*pair.client));
  EXPECT_EQ(co_await read_some(*pair.client), "");
  EXPECT_FALSE(pair.client->is_quiet());
}

TEST_P(TcpTest, IsQuietUntilSomethingComesOrThePeerEnds) {
  run(listen_for_noise());
}

Task<> reset_by_peer() {
  StreamPair pair = co_await connect_pair();
  const std::string peer(pair.client->peer());
  co_await pair.client->write("never read");
  co_await timeout(5s, wait_for_noise(*pair.server));
  pair.server.reset();  // closing with data unread resets the connection
  EXPECT_EQ(co_await message_of<OsError>(read_all(*pair.client)),
            "cannot read from " + peer + ": Connection reset by peer");
  EXPECT_EQ(co_await message_of<OsError>(write_pattern(*pair.client, 10)),
            "cannot write to " + peer + ": Broken pipe");
}

TEST_P(TcpTest, NamesThePeerThatResetTheConnection) {
  run(reset_by_peer());
}

Task<> cancel_a_read() {
  StreamPair pair = co_await connect_pair();
  EXPECT_THROW(co_await timeout(5ms, read_some(*pair.client)), TimeoutError);
  co_await pair.server->write("late");
  EXPECT_EQ(co_await read_some(*pair.client), "late");
}

TEST_P(TcpTest, LosesNothingWhenAReadIsCancelled) {
  run(cancel_a_read());
}

Task<> cancel_an_accept() {
  TcpListener listener(SocketAddress::loopback(0));
  EXPECT_THROW(co_await timeout(5ms, listener.accept()), TimeoutError);
  StreamPair pair = co_await connect_pair(listener);
  co_await pair.client->write("x");
  EXPECT_EQ(co_await read_some(*pair.server), "x");
}

TEST_P(TcpTest, LosesNoConnectionWhenAnAcceptIsCancelled) {
  run(cancel_an_accept());
}

/// Connects until the listener's queue is full; further connects are not answered.
Task<> cancel_a_connect() {
  const TcpListener listener(SocketAddress::loopback(0), {.backlog = 0});
  const std::vector<Stream> streams =
      co_await fill_queue<TcpStream>(listener.local_address(), 100ms);
  const auto before = test::open_descriptors();
  EXPECT_THROW(co_await timeout(20ms, TcpStream::connect(listener.local_address())), TimeoutError);
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST_P(TcpTest, ClosesAnAttemptThatIsCancelled) {
  run(cancel_a_connect());
}

Task<> reuse_descriptor_numbers() {
  TcpListener listener(SocketAddress::loopback(0));
  for (int i = 0; i < 20; ++i) {
    StreamPair pair = co_await connect_pair(listener);
    if (i % 2 == 0) co_await pair.server->shut_down();
    co_await pair.client->write("ping");
    EXPECT_EQ(co_await read_some(*pair.server), "ping");
    if (i % 2 == 0) continue;
    co_await pair.server->write("pong");
    EXPECT_EQ(co_await read_some(*pair.client), "pong");
  }
}

TEST_P(TcpTest, StartsAfreshOnADescriptorNumberThatWasUsedBefore) {
  const auto before = test::open_descriptors();
  run(reuse_descriptor_numbers());
  EXPECT_EQ(test::open_descriptors(), before);
}

/// Lets the process have no further descriptor while it lives.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    const int lowest_free = ::dup(STDIN_FILENO);
    ::close(lowest_free);
    none.rlim_cur = static_cast<rlim_t>(lowest_free);
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

Task<> run_out_of_descriptors() {
  TcpListener listener(SocketAddress::loopback(0));
  const std::string address = listener.local_address().to_string();
  Stream client = co_await TcpStream::connect(listener.local_address());
  {
    const NoMoreDescriptors limit;
    EXPECT_EQ(co_await message_of<OsError>(listener.accept()),
              "cannot accept on " + address + ": Too many open files");
    EXPECT_EQ(co_await message_of<OsError>(TcpStream::connect(listener.local_address())),
              "cannot open a socket for " + address + ": Too many open files");
  }
  Stream server = co_await listener.accept();
  co_await client->write("still there");
  EXPECT_EQ(co_await read_some(*server), "still there");
}

TEST_P(TcpTest, GoesOnAfterItRanOutOfDescriptors) {
  run(run_out_of_descriptors());
}

Task<> bind_twice() {
  const TcpListener listener(SocketAddress::loopback(0));
  const SocketAddress address = listener.local_address();
  EXPECT_NE(address.port(), 0);
  try {
    const TcpListener second(address);
    ADD_FAILURE() << "two listeners have one address";
  } catch (const OsError& error) {
    EXPECT_EQ(error.code(), EADDRINUSE);
  }
  co_return;
}

TEST_P(TcpTest, RefusesAnAddressThatIsInUse) {
  run(bind_twice());
}

}  // namespace
}  // namespace rondo::net
