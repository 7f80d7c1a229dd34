// Receiving and sending on every reactor.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <random>

#include "operation_probe.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

class ReactorTransferTest : public ReactorSuite {};
RONDO_ON_EACH_BACKEND(ReactorTransferTest);

TEST_P(ReactorTransferTest, ReceivesWhatIsThere) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "hello");
  Receive receive(ours.get());
  carry_out(receive);
  EXPECT_EQ(receive.text(), "hello");
}

TEST_P(ReactorTransferTest, WaitsForWhatIsNotThereYet) {
  auto [ours, theirs] = socket_pair();
  Receive receive(ours.get());
  ASSERT_FALSE(submit(receive));
  poll_once();
  EXPECT_EQ(receive.ended, 0);
  EXPECT_EQ(reactor_->pending(), 1U);
  put(theirs.get(), "late");
  finish(receive);
  EXPECT_EQ(receive.text(), "late");
  EXPECT_EQ(reactor_->pending(), 0U);
}

TEST_P(ReactorTransferTest, ALongTextIsReceivedInAsManyPiecesAsThereIsRoomFor) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "abcdefgh");
  for (const std::string expected : {"abc", "def", "gh"}) {
    Receive receive(ours.get(), 3);
    carry_out(receive);
    EXPECT_EQ(receive.text(), expected);
  }
  Receive more(ours.get(), 3);
  ASSERT_FALSE(submit(more));
  put(theirs.get(), "i");
  finish(more);
  EXPECT_EQ(more.text(), "i");
}

TEST_P(ReactorTransferTest, WhatFilledTheBufferExactlyIsNotWaitedForAgain) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "abc");
  Receive first(ours.get(), 3);
  carry_out(first);
  Receive second(ours.get(), 3);
  ASSERT_FALSE(submit(second));
  poll_once();
  EXPECT_EQ(second.ended, 0);
  put(theirs.get(), "def");
  finish(second);
  EXPECT_EQ(second.text(), "def");
}

/// From a small receive to one that the ring gives memory of its own to.
constexpr std::size_t kRooms[] = {100, std::size_t{512} * 1024};

TEST_P(ReactorTransferTest, MemoryIsAskedForWhenSomethingIsThere) {
  for (const std::size_t room : kRooms) {
    auto [ours, theirs] = socket_pair();
    LateReceive receive(ours.get(), room);
    ASSERT_FALSE(submit(receive));
    poll_once();
    const bool is_direct = GetParam() == Backend::io_uring && room > 1000;
    EXPECT_EQ(receive.questions, is_direct ? 1 : 0);
    put(theirs.get(), "late");
    finish(receive);
    EXPECT_EQ(receive.questions, 1);
    EXPECT_EQ(receive.text(), "late");
    put(theirs.get(), "more");
    LateReceive next(ours.get(), room);
    carry_out(next);
    EXPECT_EQ(next.text(), "more");
    reactor_->close(ours.release());
  }
}

TEST_P(ReactorTransferTest, WithoutMemoryAReceiveFailsAndTheNextOneGetsTheBytes) {
  for (const std::size_t room : kRooms) {
    auto [ours, theirs] = socket_pair();
    for (int i = 0; i < 3; ++i) {
      LateReceive receive(ours.get(), room);
      receive.has_memory = false;
      if (i == 0) put(theirs.get(), "hello");
      carry_out(receive);
      EXPECT_EQ(receive.result, -ENOMEM);
    }
    EXPECT_EQ(reactor_->pending(), 0U);
    LateReceive receive(ours.get(), room);
    carry_out(receive);
    EXPECT_EQ(receive.text(), "hello");
    reactor_->close(ours.release());
  }
}

TEST_P(ReactorTransferTest, WithoutMemoryForTheRestTheRestIsKept) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "hello");
  LateReceive first(ours.get(), 2);
  carry_out(first);
  EXPECT_EQ(first.text(), "he");
  LateReceive second(ours.get());
  second.has_memory = false;
  carry_out(second);
  EXPECT_EQ(second.result, -ENOMEM);
  LateReceive third(ours.get());
  carry_out(third);
  EXPECT_EQ(third.text(), "llo");
}

TEST_P(ReactorTransferTest, ReportsTheEndOfTheStream) {
  auto [ours, theirs] = socket_pair();
  Receive receive(ours.get());
  ASSERT_FALSE(submit(receive));
  theirs.close();
  finish(receive);
  EXPECT_EQ(receive.result, 0);
}

TEST_P(ReactorTransferTest, SeesTheEndThatCameTogetherWithTheLastBytes) {
  auto [ours, theirs] = socket_pair();
  Receive receive(ours.get());
  ASSERT_FALSE(submit(receive));
  put(theirs.get(), "bye");
  theirs.close();
  finish(receive);
  EXPECT_EQ(receive.text(), "bye");
  Receive end(ours.get());
  carry_out(end);  // the read was short, and no further edge will tell
  EXPECT_EQ(end.result, 0);
  Receive still_the_end(ours.get());
  carry_out(still_the_end);
  EXPECT_EQ(still_the_end.result, 0);
}

TEST_P(ReactorTransferTest, SeesTheEndThatCameWhileNobodyWaited) {
  auto [ours, theirs] = socket_pair();
  Receive first(ours.get());
  ASSERT_FALSE(submit(first));
  put(theirs.get(), "x");
  finish(first);
  theirs.close();
  poll_once();
  Receive end(ours.get());
  carry_out(end);
  EXPECT_EQ(end.result, 0);
}

TEST_P(ReactorTransferTest, AHalfClosedPeerCanStillBeWrittenTo) {
  auto [ours, theirs] = socket_pair();
  ::shutdown(theirs.get(), SHUT_WR);
  Receive end(ours.get());
  carry_out(end);
  EXPECT_EQ(end.result, 0);
  Send send(ours.get(), "still open");
  carry_out(send);
  EXPECT_EQ(send.result, 10);
  EXPECT_EQ(take(theirs.get()), "still open");
}

TEST_P(ReactorTransferTest, SendsBothPartsAsOne) {
  auto [ours, theirs] = socket_pair(SOCK_SEQPACKET);
  Send both(ours.get(), "head ", "body");
  carry_out(both);
  EXPECT_EQ(both.result, 9);
  EXPECT_EQ(take(theirs.get()), "head body");
}

TEST_P(ReactorTransferTest, SendsOnePartWhicheverItIs) {
  auto [ours, theirs] = socket_pair();
  Send first(ours.get(), "one");
  carry_out(first);
  EXPECT_EQ(first.result, 3);
  Send second(ours.get(), "", "two");
  carry_out(second);
  EXPECT_EQ(second.result, 3);
  Send nothing(ours.get(), "");
  EXPECT_TRUE(submit(nothing));
  EXPECT_EQ(nothing.result, 0);
  EXPECT_EQ(take(theirs.get()), "onetwo");
}

TEST_P(ReactorTransferTest, AWriteThatDoesNotFitGoesOnAsThePeerReads) {
  auto [ours, theirs] = socket_pair();
  const int small = 4096;
  ::setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  std::string text(300'000, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 23);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{5'000}, text.size()}) {
    const std::string_view whole = text;
    Send send(ours.get(), whole.substr(0, cut), whole.substr(cut));
    ASSERT_FALSE(submit(send));
    std::string received;
    while (send.ended == 0) {
      received += take(theirs.get());
      poll_once();
    }
    received += take(theirs.get());
    EXPECT_EQ(send.result, static_cast<std::int64_t>(text.size()));
    EXPECT_TRUE(received == text) << "cut at " << cut;
  }
}

/// A receive that starts another operation as soon as it has ended.
class ReceiveAndStart final : public detail::Operation {
 public:
  ReceiveAndStart(int its_descriptor, detail::Reactor& reactor, Operation& next)
      : Operation([](Operation& operation) noexcept {
          auto& self = static_cast<ReceiveAndStart&>(operation);
          EXPECT_FALSE(self.reactor_.submit(self.next_));
        }),
        reactor_(reactor),
        next_(next) {
    descriptor = its_descriptor;
    data = &byte_;
    size = 1;
  }

 private:
  char byte_ = '\0';
  detail::Reactor& reactor_;
  Operation& next_;
};

// What is known of descriptors moves then, while there is a writer still to be looked at.
TEST_P(ReactorTransferTest, ACompletionMayStartTheFirstOperationOnAHighDescriptor) {
  auto [ours, theirs] = socket_pair();
  auto [other, others_peer] = socket_pair();
  const Descriptor high(::fcntl(other.get(), F_DUPFD_CLOEXEC, 900));
  const int small = 4096;
  ::setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  const std::string text(100'000, 'x');
  Send send(ours.get(), text);
  ASSERT_FALSE(submit(send));
  Receive on_high(high.get());
  ReceiveAndStart receive(ours.get(), *reactor_, on_high);
  ASSERT_FALSE(reactor_->submit(receive));
  put(theirs.get(), "a");
  std::string sent;
  while (send.ended == 0 || receive.result != 1) {
    sent += take(theirs.get());
    poll_once();
  }
  sent += take(theirs.get());
  EXPECT_TRUE(sent == text);
  put(others_peer.get(), "b");
  finish(on_high);
  EXPECT_EQ(on_high.text(), "b");
}

TEST_P(ReactorTransferTest, ReadsAndWritesOnOneDescriptorGoSideBySide) {
  auto [ours, theirs] = socket_pair();
  const int small = 4096;
  ::setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  const std::string text(200'000, 'x');
  Receive receive(ours.get());
  Send send(ours.get(), text);
  ASSERT_FALSE(submit(receive));
  ASSERT_FALSE(submit(send));
  EXPECT_EQ(reactor_->pending(), 2U);
  put(theirs.get(), "meanwhile");
  finish(receive);
  EXPECT_EQ(receive.text(), "meanwhile");
  EXPECT_EQ(send.ended, 0);
  std::size_t received = 0;
  while (send.ended == 0) {
    received += take(theirs.get()).size();
    poll_once();
  }
  received += take(theirs.get()).size();
  EXPECT_EQ(received, text.size());
}

TEST_P(ReactorTransferTest, WritingToAPeerThatHasGoneIsAnErrorAndNoSignal) {
  auto [ours, theirs] = socket_pair();
  theirs.close();
  Send send(ours.get(), "anybody there?");
  carry_out(send);
  EXPECT_EQ(send.result, -EPIPE);
}

TEST_P(ReactorTransferTest, AWriteThatWaitsFailsWhenThePeerGoes) {
  auto [ours, theirs] = socket_pair();
  const std::string text(2'000'000, 'x');
  Send send(ours.get(), text);
  ASSERT_FALSE(submit(send));
  theirs.close();
  finish(send);
  EXPECT_TRUE(send.result == -EPIPE || send.result == -ECONNRESET) << send.result;
}

TEST_P(ReactorTransferTest, AResetIsReported) {
  Listener listener;
  Descriptor client = tcp_socket();
  Probe connect(detail::Operation::Kind::connect, client.get());
  connect.address = &listener.address;
  connect.address_size = sizeof listener.address;
  carry_out(connect);
  Probe accept(detail::Operation::Kind::accept, listener.descriptor.get());
  carry_out(accept);
  Descriptor server(static_cast<int>(accept.result));
  Receive receive(client.get());
  ASSERT_FALSE(submit(receive));
  reset(std::move(server));
  finish(receive);
  EXPECT_EQ(receive.result, -ECONNRESET);
  reactor_->close(client.release());
}

TEST_P(ReactorTransferTest, TenThousandRoundTripsLoseNothing) {
  auto [ours, theirs] = socket_pair();
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = std::to_string(i);
    Receive at_peer(theirs.get());
    const bool waits_first = i % 2 == 0;
    if (waits_first) {
      ASSERT_FALSE(submit(at_peer));
    }
    Send send(ours.get(), text);
    carry_out(send);
    waits_first ? finish(at_peer) : carry_out(at_peer);
    ASSERT_EQ(at_peer.text(), text);
  }
  EXPECT_EQ(reactor_->pending(), 0U);
}

TEST_P(ReactorTransferTest, ManyDescriptorsAtOnce) {
  constexpr int kPairs = 400;
  std::vector<std::pair<Descriptor, Descriptor>> pairs;
  std::vector<std::unique_ptr<Receive>> receives;
  for (int i = 0; i < kPairs; ++i) {
    pairs.push_back(socket_pair());
    receives.push_back(std::make_unique<Receive>(pairs.back().first.get()));
    ASSERT_FALSE(submit(*receives.back()));
  }
  for (int i = 0; i < kPairs; ++i) {
    put(pairs[static_cast<std::size_t>(i)].second.get(), std::to_string(i));
  }
  for (int i = 0; i < kPairs; ++i) {
    finish(*receives[static_cast<std::size_t>(i)]);
    EXPECT_EQ(receives[static_cast<std::size_t>(i)]->text(), std::to_string(i));
  }
}

TEST_P(ReactorTransferTest, RandomTrafficArrivesWholeWhateverTheSizesAndTheOrder) {
  std::mt19937 random(99);
  auto [ours, theirs] = socket_pair();
  const int small = 4096;
  ::setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  std::string sent;
  std::string received;
  for (int i = 0; i < 300; ++i) {
    std::string text(1 + random() % 20'000, static_cast<char>('a' + i % 26));
    sent += text;
    Send send(ours.get(), text);
    const bool at_once = submit(send);
    while ((!at_once && send.ended == 0) || received.size() < sent.size()) {
      Receive receive(theirs.get(), 1 + random() % 9'000);
      carry_out(receive);
      received += receive.text();
      poll_once();
    }
  }
  EXPECT_TRUE(received == sent);
}

}  // namespace
}  // namespace rondo
