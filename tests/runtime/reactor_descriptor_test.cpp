// The life of a descriptor in a reactor: connecting, accepting, cancelling, closing, being idle.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <latch>
#include <optional>
#include <thread>

#include "operation_probe.hpp"
#include "own_resources.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

using Kind = detail::Operation::Kind;
using std::chrono::milliseconds;

class ReactorDescriptorTest : public ReactorSuite {
 protected:
  void connect_to(const Listener& listener, Descriptor& socket, std::int64_t expected = 0) {
    Probe connect(Kind::connect, socket.get());
    connect.address = &listener.address;
    connect.address_size = sizeof listener.address;
    carry_out(connect);
    EXPECT_EQ(connect.result, expected);
  }
};
RONDO_ON_EACH_BACKEND(ReactorDescriptorTest);

TEST_P(ReactorDescriptorTest, ConnectsAndAccepts) {
  Listener listener;
  Probe accept(Kind::accept, listener.descriptor.get());
  ASSERT_FALSE(submit(accept));
  Descriptor client = tcp_socket();
  connect_to(listener, client);
  finish(accept);
  ASSERT_GE(accept.result, 0);
  const Descriptor server(static_cast<int>(accept.result));
  EXPECT_EQ(::fcntl(server.get(), F_GETFL) & O_NONBLOCK, O_NONBLOCK);
  EXPECT_EQ(::fcntl(server.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  put(client.get(), "through");
  Receive receive(server.get());
  carry_out(receive);
  EXPECT_EQ(receive.text(), "through");
}

TEST_P(ReactorDescriptorTest, AcceptsAllThatWaitInTheQueue) {
  Listener listener;
  std::vector<Descriptor> clients;
  for (int i = 0; i < 10; ++i) {
    clients.push_back(tcp_socket());
    connect_to(listener, clients.back());
  }
  for (int i = 0; i < 10; ++i) {
    Probe accept(Kind::accept, listener.descriptor.get());
    carry_out(accept);
    ASSERT_GE(accept.result, 0);
    const Descriptor server(static_cast<int>(accept.result));
  }
  Probe none_left(Kind::accept, listener.descriptor.get());
  ASSERT_FALSE(submit(none_left));
  poll_once();
  EXPECT_EQ(none_left.ended, 0);
  reactor_->cancel(none_left);
}

TEST_P(ReactorDescriptorTest, ARefusedConnectIsReported) {
  std::optional<Listener> listener(std::in_place);
  const sockaddr_in address = listener->address;
  listener.reset();  // nobody listens there now
  Descriptor client = tcp_socket();
  Probe connect(Kind::connect, client.get());
  connect.address = &address;
  connect.address_size = sizeof address;
  carry_out(connect);
  EXPECT_EQ(connect.result, -ECONNREFUSED);
}

TEST_P(ReactorDescriptorTest, ReadableAndWritableWaitAndTakeNothing) {
  auto [ours, theirs] = socket_pair();
  Probe writable(Kind::writable, ours.get());
  carry_out(writable);
  EXPECT_EQ(writable.result, 0);
  Probe readable(Kind::readable, ours.get());
  ASSERT_FALSE(submit(readable));
  poll_once();
  EXPECT_EQ(readable.ended, 0);
  put(theirs.get(), "x");
  finish(readable);
  Probe still_readable(Kind::readable, ours.get());
  carry_out(still_readable);
  EXPECT_EQ(take(ours.get()), "x");
  Probe not_any_more(Kind::readable, ours.get());
  ASSERT_FALSE(submit(not_any_more));
  put(theirs.get(), "y");
  finish(not_any_more);
}

TEST_P(ReactorDescriptorTest, WritableWaitsWhileTheBufferIsFull) {
  auto [ours, theirs] = socket_pair();
  while (::send(ours.get(), "xxxxxxxx", 8, MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
  }
  Probe writable(Kind::writable, ours.get());
  ASSERT_FALSE(submit(writable));
  poll_once();
  EXPECT_EQ(writable.ended, 0);
  take(theirs.get());
  finish(writable);
  EXPECT_EQ(writable.result, 0);
}

TEST_P(ReactorDescriptorTest, WaitsForWhatIsNoSocket) {
  const Descriptor event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  for (int i = 0; i < 3; ++i) {
    Probe readable(Kind::readable, event.get());
    ASSERT_FALSE(submit(readable));
    const std::uint64_t one = 1;
    ASSERT_EQ(::write(event.get(), &one, sizeof one), 8);
    finish(readable);
    std::uint64_t count = 0;
    ASSERT_EQ(::read(event.get(), &count, sizeof count), 8);
  }
}

TEST_P(ReactorDescriptorTest, CancellingEndsAPendingOperationOnce) {
  auto [ours, theirs] = socket_pair();
  Receive receive(ours.get());
  ASSERT_FALSE(submit(receive));
  reactor_->cancel(receive);
  EXPECT_EQ(receive.ended, 1);
  EXPECT_EQ(receive.result, -ECANCELED);
  EXPECT_EQ(reactor_->pending(), 0U);
  reactor_->cancel(receive);
  put(theirs.get(), "later");
  poll_once();
  EXPECT_EQ(receive.ended, 1);
  Receive next(ours.get());
  carry_out(next);
  EXPECT_EQ(next.text(), "later") << "a cancelled receive takes nothing";
}

TEST_P(ReactorDescriptorTest, CancellingWhatHasEndedOrNeverBegunDoesNothing) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "x");
  Receive done(ours.get());
  carry_out(done);
  const int ended = done.ended;
  reactor_->cancel(done);
  EXPECT_EQ(done.ended, ended);
  Receive other(ours.get());
  ASSERT_FALSE(submit(other));
  reactor_->cancel(done);  // the slot is another's now
  EXPECT_EQ(other.ended, 0);
  reactor_->cancel(other);
  Receive nowhere(-1);
  reactor_->cancel(nowhere);
  EXPECT_EQ(nowhere.ended, 0);
}

TEST_P(ReactorDescriptorTest, ASecondOperationOfOneDirectionIsRefused) {
  auto [ours, theirs] = socket_pair();
  Receive first(ours.get());
  ASSERT_FALSE(submit(first));
  Receive second(ours.get());
  EXPECT_TRUE(submit(second));
  EXPECT_EQ(second.result, -EBUSY);
  Probe readable(Kind::readable, ours.get());
  EXPECT_TRUE(submit(readable));
  EXPECT_EQ(readable.result, -EBUSY);
  Send send(ours.get(), "the other direction is free");
  carry_out(send);
  put(theirs.get(), "for the first");
  finish(first);
  EXPECT_EQ(first.text(), "for the first");
}

TEST_P(ReactorDescriptorTest, ClosingEndsWhatIsPending) {
  auto [ours, theirs] = socket_pair();
  const std::string text(2'000'000, 'x');
  Receive receive(ours.get());
  Send send(ours.get(), text);
  ASSERT_FALSE(submit(receive));
  ASSERT_FALSE(submit(send));
  const int number = ours.get();
  reactor_->close(ours.release());
  EXPECT_EQ(receive.result, -ECANCELED);
  EXPECT_EQ(send.result, -ECANCELED);
  EXPECT_EQ(receive.ended + send.ended, 2);
  EXPECT_EQ(reactor_->pending(), 0U);
  EXPECT_EQ(::fcntl(number, F_GETFD), -1) << "it is closed";
}

TEST_P(ReactorDescriptorTest, ANumberThatIsUsedAgainStartsAfresh) {
  for (int i = 0; i < 20; ++i) {
    auto [ours, theirs] = socket_pair();
    const int number = ours.get();
    Receive receive(number);
    ASSERT_FALSE(submit(receive));
    if (i % 3 == 0) poll_once();
    theirs.close();  // hung up: that must not stick to the number
    if (i % 2 == 0) poll_once();
    reactor_->close(ours.release());
    EXPECT_EQ(receive.ended, 1);

    auto [again, peer] = socket_pair();
    const bool has_the_number = again.get() == number;
    Descriptor same(has_the_number ? again.release() : ::dup3(again.get(), number, O_CLOEXEC));
    ASSERT_EQ(same.get(), number);
    Receive fresh(same.get());
    ASSERT_FALSE(submit(fresh));
    poll_once();
    EXPECT_EQ(fresh.ended, 0);
    put(peer.get(), "fresh");
    finish(fresh);
    EXPECT_EQ(fresh.text(), "fresh");
    EXPECT_TRUE(reactor_->is_quiet(same.get()));
    reactor_->close(same.release());
  }
}

TEST_P(ReactorDescriptorTest, ABadDescriptorIsAnError) {
  for (const int number : {-1, 1000}) {
    Receive receive(number);
    carry_out(receive);
    EXPECT_EQ(receive.result, -EBADF) << number;
    Send send(number, "x");
    carry_out(send);
    EXPECT_EQ(send.result, -EBADF) << number;
  }
  reactor_->close(-1);
  EXPECT_EQ(reactor_->pending(), 0U);
}

TEST_P(ReactorDescriptorTest, AConnectionIsQuietUntilSomethingComesThatNobodyAskedFor) {
  auto [ours, theirs] = socket_pair();
  EXPECT_TRUE(reactor_->is_quiet(ours.get()));
  put(theirs.get(), "answer");
  Receive receive(ours.get());
  carry_out(receive);
  EXPECT_TRUE(reactor_->is_quiet(ours.get()));
  put(theirs.get(), "unasked");
  poll_once();
  EXPECT_FALSE(reactor_->is_quiet(ours.get()));
}

TEST_P(ReactorDescriptorTest, AConnectionWhoseLastReadFilledItsBufferIsQuietToo) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "abc");
  Receive receive(ours.get(), 3);
  carry_out(receive);
  EXPECT_EQ(receive.text(), "abc");
  EXPECT_TRUE(reactor_->is_quiet(ours.get()));
  put(theirs.get(), "d");
  poll_once();
  EXPECT_FALSE(reactor_->is_quiet(ours.get()));
}

TEST_P(ReactorDescriptorTest, AConnectionThatThePeerHasEndedIsNotQuiet) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "last answer");
  Receive receive(ours.get());
  carry_out(receive);
  theirs.close();
  poll_once();
  EXPECT_FALSE(reactor_->is_quiet(ours.get()));
}

TEST_P(ReactorDescriptorTest, WakeEndsThePollThatWaitsAndTheOneThatComesNext) {
  reactor_->wake();
  reactor_->wake();
  reactor_->poll(detail::Reactor::kForever);  // returns
  std::latch about_to_poll(1);
  std::thread other([&] {
    about_to_poll.wait();
    reactor_->wake();
  });
  about_to_poll.count_down();
  reactor_->poll(detail::Reactor::kForever);
  other.join();
}

TEST_P(ReactorDescriptorTest, AWakeIsUsedUpByOnePoll) {
  reactor_->wake();
  EXPECT_TRUE(reactor_->poll(detail::Reactor::kForever));
  EXPECT_FALSE(reactor_->poll(milliseconds(5)));
}

TEST_P(ReactorDescriptorTest, WakeKeepsErrno) {
  errno = EXDEV;
  reactor_->wake();
  EXPECT_EQ(errno, EXDEV);
}

TEST_P(ReactorDescriptorTest, WaitsNoLongerThanItMayAndTakesTheLongestWait) {
  const auto before = Clock::now();
  EXPECT_FALSE(reactor_->poll(milliseconds(3)));
  // The kernel's own work for a ring that has just gone, as that of the probe, may cut a wait or
  // two.
  for (int cut = 0; cut < 3 && Clock::now() - before < milliseconds(3); ++cut) {
    reactor_->poll(milliseconds(3));
  }
  EXPECT_GE(Clock::now() - before, milliseconds(3));
  reactor_->wake();
  reactor_->poll(milliseconds::max());
}

TEST_P(ReactorDescriptorTest, ASignalDoesNotDisturbIt) {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  struct sigaction before{};
  ::sigaction(SIGUSR1, &action, &before);
  auto [ours, theirs] = socket_pair();
  Receive receive(ours.get());
  ASSERT_FALSE(submit(receive));
  const auto this_thread = pthread_self();
  std::thread other([&, peer = theirs.get()] {
    for (int i = 0; i < 20; ++i) pthread_kill(this_thread, SIGUSR1);
    put(peer, "through");
  });
  finish(receive);
  other.join();
  EXPECT_EQ(receive.text(), "through");
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_P(ReactorDescriptorTest, LeavesNoDescriptorBehind) {
  reactor_.reset();
  const std::size_t descriptors = open_descriptors();
  {
    const auto other = detail::choose_reactor(GetParam()).reactor;
    EXPECT_GT(open_descriptors(), descriptors);
  }
  EXPECT_EQ(open_descriptors(), descriptors);
}

}  // namespace
}  // namespace rondo
