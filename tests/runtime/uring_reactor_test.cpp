// What is io_uring's own: memory that the kernel uses, buffers that run out, queues that overflow.

#include "rondo/runtime/uring_reactor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "rondo/runtime/file_request.hpp"
#include "rondo/runtime/uring_support.hpp"

#include "operation_probe.hpp"
#include "own_resources.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

using Kind = detail::Operation::Kind;
using Action = detail::FileRequest::Action;

constexpr std::size_t kLarge = std::size_t{200} * 1024;  // received without a provided buffer

class UringReactorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (detail::uring_refusal()) GTEST_SKIP() << detail::uring_refusal()->what();
    reactor_ = std::make_unique<detail::UringReactor>();
  }

  void finish(Probe& probe) {
    for (int i = 0; i < 1000 && probe.ended == 0; ++i) {
      reactor_->poll(std::chrono::milliseconds(1000));
    }
    ASSERT_EQ(probe.ended, 1);
  }

  void carry_out(Probe& probe) {
    if (!reactor_->submit(probe)) finish(probe);
  }

  /// Receives `size` bytes in pieces of `piece`.
  std::string receive(int descriptor, std::size_t size, std::size_t piece) {
    std::string all;
    while (all.size() < size) {
      Receive one(descriptor, std::min(piece, size - all.size()));
      carry_out(one);
      if (one.result <= 0) break;
      all += one.text();
    }
    return all;
  }

  std::unique_ptr<detail::UringReactor> reactor_;
};

/// A text that tells where each of its bytes belongs.
std::string counted(std::size_t size, std::size_t from = 0) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>((from + i) * 31 / 7);
  return text;
}

void make_small(const Descriptor& sender) {
  const int small = 4096;
  ::setsockopt(sender.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
}

TEST_F(UringReactorTest, ACancelledSendEndsWhenTheKernelHasLetGoOfItsMemory) {
  auto [ours, theirs] = socket_pair();
  make_small(ours);
  std::string text(200'000, 'x');
  Send send(ours.get(), text);
  ASSERT_FALSE(reactor_->submit(send));
  reactor_->poll(std::chrono::milliseconds(0));
  reactor_->cancel(send);
  reactor_->cancel(send);
  EXPECT_EQ(send.ended, 0);
  finish(send);
  EXPECT_EQ(send.result, -ECANCELED);
  EXPECT_EQ(reactor_->pending(), 0U);
  std::fill(text.begin(), text.end(), 'y');
  take(theirs.get());
  reactor_->poll(std::chrono::milliseconds(0));
  EXPECT_EQ(take(theirs.get()), "");
  Send next(ours.get(), "next");
  carry_out(next);
  EXPECT_EQ(take(theirs.get()), "next");
}

TEST_F(UringReactorTest, ASendThatIsCancelledBeforeItHasBegunEnds) {
  auto [ours, theirs] = socket_pair();
  Send send(ours.get(), "x", "y");
  ASSERT_FALSE(reactor_->submit(send));
  reactor_->cancel(send);
  finish(send);
  const std::string sent = take(theirs.get());
  EXPECT_EQ(send.result, sent.empty() ? -ECANCELED : 2);
}

TEST_F(UringReactorTest, ACancelledLargeReceiveLosesNothing) {
  auto [ours, theirs] = socket_pair();
  for (const bool data_comes_first : {false, true}) {
    Receive large(ours.get(), kLarge);
    ASSERT_FALSE(reactor_->submit(large));
    reactor_->poll(std::chrono::milliseconds(0));
    if (data_comes_first) put(theirs.get(), "now");
    reactor_->cancel(large);
    finish(large);
    if (large.result >= 0) {
      EXPECT_EQ(large.text(), "now");
      continue;
    }
    EXPECT_EQ(large.result, -ECANCELED);
    put(theirs.get(), "now");
    EXPECT_EQ(receive(ours.get(), 3, 10), "now");
    if (data_comes_first) take(ours.get());
  }
}

TEST_F(UringReactorTest, ClosingEndsALargeReceiveAtOnce) {
  auto [ours, theirs] = socket_pair();
  Receive large(ours.get(), kLarge);
  ASSERT_FALSE(reactor_->submit(large));
  reactor_->poll(std::chrono::milliseconds(0));
  reactor_->close(ours.release());
  EXPECT_EQ(large.ended, 1);
  EXPECT_EQ(large.result, -ECANCELED);
  char byte = 0;
  EXPECT_EQ(::recv(theirs.get(), &byte, 1, 0), 0) << "the peer sees the end at once";
}

TEST_F(UringReactorTest, APeerSeesTheEndAtOnceWhenAnIdleConnectionIsClosed) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "x");
  EXPECT_EQ(receive(ours.get(), 1, 10), "x");
  EXPECT_TRUE(reactor_->is_quiet(ours.get()));
  reactor_->close(ours.release());
  char byte = 0;
  EXPECT_EQ(::recv(theirs.get(), &byte, 1, 0), 0);
}

TEST_F(UringReactorTest, WhatWasNotedForAClosedSocketMeetsNoOther) {
  auto [ours, theirs] = socket_pair();
  const int number = ours.get();
  Receive receive(number);
  ASSERT_FALSE(reactor_->submit(receive));
  const std::string block(std::size_t{64} * 1024, 'x');
  while (::send(number, block.data(), block.size(), MSG_DONTWAIT) > 0) {
  }
  Probe writable(Kind::writable, number);
  ASSERT_FALSE(reactor_->submit(writable));
  reactor_->close(ours.release());
  auto [again, peer] = socket_pair();
  Descriptor same(again.get() == number ? again.release() : ::dup3(again.get(), number, O_CLOEXEC));
  put(peer.get(), "for whoever asks");
  reactor_->poll(std::chrono::milliseconds(0));
  EXPECT_EQ(take(same.get()), "for whoever asks");
}

TEST_F(UringReactorTest, ReadinessThatIsThereEndsTheQuestionAtOnce) {
  auto [ours, theirs] = socket_pair();
  Probe writable(Kind::writable, ours.get());
  EXPECT_TRUE(reactor_->submit(writable));
  Probe readable(Kind::readable, ours.get());
  ASSERT_FALSE(reactor_->submit(readable));
  put(theirs.get(), "x");
  finish(readable);
  Probe again(Kind::readable, ours.get());
  EXPECT_TRUE(reactor_->submit(again));
}

TEST_F(UringReactorTest, SmallAndLargeReceivesInAnyOrderKeepTheOrderOfTheBytes) {
  std::mt19937 random(7);
  auto [ours, theirs] = socket_pair();
  std::size_t sent = 0;
  std::size_t received = 0;
  for (int i = 0; i < 250; ++i) {
    const std::string text = counted(1 + random() % 60'000, sent);
    Send send(theirs.get(), text);
    const bool at_once = reactor_->submit(send);
    sent += text.size();
    while (received < sent) {
      const std::size_t piece = random() % 2 == 0 ? kLarge : 1 + random() % 9'000;
      Receive one(ours.get(), piece);
      const bool is_cancelled = !reactor_->submit(one) && random() % 4 == 0;
      if (is_cancelled) reactor_->cancel(one);
      if (one.ended == 0 && one.result == 0) finish(one);
      if (one.result == -ECANCELED) continue;
      ASSERT_GT(one.result, 0);
      ASSERT_TRUE(one.text() == counted(one.text().size(), received)) << "at " << received;
      received += one.text().size();
    }
    if (!at_once && send.ended == 0) finish(send);
  }
}

TEST_F(UringReactorTest, WhatNobodyReadsEndsTheReceivingAndNothingIsLost) {
  auto [ours, theirs] = socket_pair();
  put(theirs.get(), "x");
  EXPECT_EQ(receive(ours.get(), 1, 10), "x");
  const std::string text = counted(3'000'000);
  Send send(theirs.get(), text);
  ASSERT_FALSE(reactor_->submit(send));
  for (int i = 0; i < 50; ++i) reactor_->poll(std::chrono::milliseconds(0));
  EXPECT_EQ(send.ended, 0) << "the peer is held up";
  EXPECT_FALSE(reactor_->is_quiet(ours.get()));
  EXPECT_TRUE(receive(ours.get(), text.size(), 10'000) == text);
  finish(send);
}

TEST_F(UringReactorTest, BuffersThatHaveRunOutHoldNobodyUp) {
  constexpr std::size_t kConnections = 300;
  const std::string text = counted(80'000);
  std::vector<std::pair<Descriptor, Descriptor>> pairs;
  for (std::size_t i = 0; i < kConnections; ++i) {
    pairs.push_back(socket_pair());
    Receive nobody_waits(pairs.back().first.get());
    ASSERT_FALSE(reactor_->submit(nobody_waits));
    reactor_->cancel(nobody_waits);
    put(pairs.back().second.get(), text);
  }
  for (int i = 0; i < 20; ++i) reactor_->poll(std::chrono::milliseconds(0));
  auto [ours, theirs] = socket_pair();
  Receive waits(ours.get());
  ASSERT_FALSE(reactor_->submit(waits));
  put(theirs.get(), "served");
  finish(waits);
  EXPECT_EQ(waits.text(), "served");
  for (const auto& [reader, writer] : pairs) {
    ASSERT_TRUE(receive(reader.get(), text.size(), 5'000) == text);
  }
}

/// What lies in the socket, and in no buffer of the reactor.
std::size_t in_socket(const Descriptor& socket) {
  int count = 0;
  ::ioctl(socket.get(), FIONREAD, &count);
  return static_cast<std::size_t>(count);
}

/// A connection on which much has come at once.
class BulkyUringTest : public UringReactorTest {
 protected:
  void SetUp() override {
    UringReactorTest::SetUp();
    if (reactor_ == nullptr) return;
    put(theirs_.get(), "x");
    ASSERT_EQ(receive(ours_.get(), 1, 1), "x");
    const std::string text = counted(100'000);
    put(theirs_.get(), text);
    turn();
    ASSERT_LT(in_socket(ours_), text.size()) << "what comes unasked is received";
    ASSERT_TRUE(receive(ours_.get(), text.size(), 10'000) == text);
  }

  void turn() {
    for (int i = 0; i < 10; ++i) reactor_->poll(std::chrono::milliseconds(0));
  }

  std::string answer(std::string_view text) {
    put(theirs_.get(), text);
    turn();
    in_socket_ = in_socket(ours_);
    return receive(ours_.get(), text.size(), 1000);
  }

  std::pair<Descriptor, Descriptor> pair_ = socket_pair();
  Descriptor& ours_ = pair_.first;
  Descriptor& theirs_ = pair_.second;
  std::size_t in_socket_ = 0;  // before the answer was read
};

TEST_F(BulkyUringTest, ReceivesWhenSomebodyHasRoomForIt) {
  EXPECT_EQ(answer("still there"), "still there");
  EXPECT_EQ(in_socket_, 11U);
}

TEST_F(BulkyUringTest, ReceivesUnaskedAgainBehindManySmallAnswers) {
  for (int i = 0; i < 20; ++i) {
    put(theirs_.get(), "small");
    ASSERT_EQ(receive(ours_.get(), 5, 5), "small");
    Receive with_room(ours_.get(), 100);
    const bool has_ended = reactor_->submit(with_room);
    ASSERT_FALSE(has_ended);
    put(theirs_.get(), "small");
    finish(with_room);
    ASSERT_EQ(with_room.text(), "small");
  }
  EXPECT_EQ(answer("at once"), "at once");
  EXPECT_GT(in_socket_, 0U) << "receives that have filled their room are not small";
  for (int i = 0; i < 20; ++i) {
    Receive with_room(ours_.get(), 100);
    ASSERT_FALSE(reactor_->submit(with_room));
    put(theirs_.get(), "small");
    finish(with_room);
  }
  EXPECT_EQ(answer("at once"), "at once");
  EXPECT_EQ(in_socket_, 0U);
}

TEST_F(BulkyUringTest, SeesTheEnd) {
  EXPECT_TRUE(reactor_->is_quiet(ours_.get()));
  Receive waits(ours_.get(), 10);
  ASSERT_FALSE(reactor_->submit(waits));
  theirs_.close();
  finish(waits);
  EXPECT_EQ(waits.result, 0);
  EXPECT_FALSE(reactor_->is_quiet(ours_.get()));
}

TEST_F(BulkyUringTest, SeesTheEndWhileNobodyReads) {
  theirs_.close();
  EXPECT_FALSE(reactor_->is_quiet(ours_.get()));
  EXPECT_EQ(receive(ours_.get(), 1, 1), "");
}

TEST_F(BulkyUringTest, ACancelledReceiveLosesNothing) {
  Receive waits(ours_.get(), 10);
  ASSERT_FALSE(reactor_->submit(waits));
  turn();
  reactor_->cancel(waits);
  EXPECT_EQ(waits.ended, 1);
  EXPECT_EQ(waits.result, -ECANCELED);
  EXPECT_EQ(answer("kept"), "kept");
}

TEST_F(BulkyUringTest, WithoutMemoryAReceiveFailsAndLosesNothing) {
  LateReceive waits(ours_.get());
  waits.has_memory = false;
  ASSERT_FALSE(reactor_->submit(waits));
  turn();
  EXPECT_EQ(waits.questions, 0);
  put(theirs_.get(), "kept");
  finish(waits);
  EXPECT_EQ(waits.result, -ENOMEM);
  EXPECT_EQ(receive(ours_.get(), 4, 1000), "kept");
}

TEST_F(BulkyUringTest, ALargeReceiveGoesStraightToItsPlace) {
  Receive large(ours_.get(), kLarge);
  ASSERT_FALSE(reactor_->submit(large));
  put(theirs_.get(), "large");
  finish(large);
  EXPECT_EQ(large.text(), "large");
  EXPECT_EQ(answer("then small"), "then small");
}

class FileProbe : public Probe {
 public:
  explicit FileProbe(const detail::FileRequest& its_request)
      : Probe(Kind::file, -1), request(its_request) {
    address = &request;
  }
  detail::FileRequest request;
};

TEST_F(UringReactorTest, MoreAtATimeThanTheQueuesHoldAreAllCarriedOut) {
  constexpr int kMany = 6'000;
  std::vector<struct statx> statuses(kMany);
  std::vector<std::unique_ptr<FileProbe>> probes;
  const int descriptor = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  for (auto& status : statuses) {
    probes.push_back(std::make_unique<FileProbe>(
        detail::FileRequest{.action = Action::status, .descriptor = descriptor, .data = &status}));
    ASSERT_FALSE(reactor_->submit(*probes.back()));
  }
  EXPECT_EQ(reactor_->pending(), std::size_t{kMany});
  for (const auto& probe : probes) {
    if (probe->ended == 0) finish(*probe);
    ASSERT_EQ(probe->ended, 1);
    ASSERT_EQ(probe->result, 0);
  }
  EXPECT_EQ(reactor_->pending(), 0U);
  ::close(descriptor);
}

TEST_F(UringReactorTest, IsDestroyedOnlyWhenTheKernelUsesNoMemoryAnyMore) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Descriptor pipe(ends[0]);
  const Descriptor pipe_writer(ends[1]);
  auto [ours, theirs] = socket_pair();
  make_small(ours);
  std::string text(200'000, 'x');
  std::string into(10, '-');
  Send send(ours.get(), text);
  FileProbe read({.action = Action::read,
                  .descriptor = pipe.get(),
                  .data = into.data(),
                  .size = into.size(),
                  .offset = detail::FileRequest::kNoOffset});
  ASSERT_FALSE(reactor_->submit(send));
  ASSERT_FALSE(reactor_->submit(read));
  reactor_->poll(std::chrono::milliseconds(0));
  reactor_.reset();
  std::fill(text.begin(), text.end(), 'y');
  ASSERT_EQ(::write(pipe_writer.get(), "0123456789", 10), 10);
  EXPECT_EQ(into, "----------");
  std::string received = take(theirs.get());
  received += take(theirs.get());
  EXPECT_EQ(received.find('y'), std::string::npos);
  EXPECT_EQ(send.ended + read.ended, 0) << "nobody is told any more";
}

TEST_F(UringReactorTest, AChildOfTheProcessLeavesItAlone) {
  auto [ours, theirs] = socket_pair();
  Receive receive(ours.get());
  ASSERT_FALSE(reactor_->submit(receive));
  reactor_->poll(std::chrono::milliseconds(0));
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    reactor_.reset();
    std::_Exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  put(theirs.get(), "still here");
  finish(receive);
  EXPECT_EQ(receive.text(), "still here");
}

TEST_F(UringReactorTest, APollThatFindsNothingSaysSo) {
  reactor_->poll(std::chrono::milliseconds(0));
  EXPECT_FALSE(reactor_->poll(std::chrono::milliseconds(0)));
  reactor_->wake();
  EXPECT_TRUE(reactor_->poll(std::chrono::milliseconds(1000)));
}

}  // namespace
}  // namespace rondo
