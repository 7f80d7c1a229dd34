// What a receive that has filled its buffer has left behind: it is neither lost nor overlooked, and
// no receive is tried in vain for it.

#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "operation_probe.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

class ReactorRestTest : public ReactorSuite {
 protected:
  /// What has come, `room` bytes at most at a time, until it is as long as `size`.
  std::string receive_in_parts(int descriptor, std::size_t room, std::size_t size) {
    std::string all;
    while (all.size() < size) {
      Receive receive(descriptor, room);
      carry_out(receive);
      if (receive.result <= 0) return all + " and then " + std::to_string(receive.result);
      all += receive.text();
    }
    return all;
  }

  /// A connection on which messages of three bytes have come, and `left` behind the last.
  std::pair<Descriptor, Descriptor> pair_with(std::string_view left) {
    auto [ours, theirs] = tcp_pair();
    for (const std::string& text : {std::string("abc"), "abc" + std::string(left)}) {
      put(theirs.get(), text);
      Receive receive(ours.get(), 3);
      carry_out(receive);
      EXPECT_EQ(receive.text(), "abc");
    }
    return {std::move(ours), std::move(theirs)};
  }
};
RONDO_ON_EACH_BACKEND(ReactorRestTest);

TEST_P(ReactorRestTest, MessagesThatFillTheBufferEachTimeAreAllReceived) {
  auto [ours, theirs] = tcp_pair();
  for (const std::string message : {"abc", "def", "ghi"}) {
    Receive receive(ours.get(), message.size());
    ASSERT_FALSE(submit(receive));
    poll_once();
    EXPECT_EQ(receive.ended, 0);
    put(theirs.get(), message);
    finish(receive);
    EXPECT_EQ(receive.text(), message);
  }
}

TEST_P(ReactorRestTest, WhatAFullBufferHasLeftIsReceivedWithoutFurtherBytes) {
  auto [ours, theirs] = tcp_pair();
  // The first time nothing is known, then one looks, then one is told.
  for (int i = 0; i < 3; ++i) {
    put(theirs.get(), "abcdefgh");
    EXPECT_EQ(receive_in_parts(ours.get(), 3, 8), "abcdefgh") << i;
  }
}

TEST_P(ReactorRestTest, ADescriptorOfWhichSomethingIsLeftIsNotQuiet) {
  auto [ours, theirs] = pair_with("def");
  EXPECT_FALSE(reactor_->is_quiet(ours.get()));
  Probe readable(detail::Operation::Kind::readable, ours.get());
  carry_out(readable);
  EXPECT_EQ(readable.result, 0);
  EXPECT_EQ(receive_in_parts(ours.get(), 100, 3), "def");
  EXPECT_TRUE(reactor_->is_quiet(ours.get()));
}

TEST_P(ReactorRestTest, OneByteLeftIsEnoughToBeReadable) {
  auto [ours, theirs] = pair_with("d");
  EXPECT_FALSE(reactor_->is_quiet(ours.get()));
  Probe readable(detail::Operation::Kind::readable, ours.get());
  carry_out(readable);
  EXPECT_EQ(readable.result, 0);
  Receive last(ours.get(), 3);
  carry_out(last);
  EXPECT_EQ(last.text(), "d");
  Receive waiting(ours.get(), 3);
  ASSERT_FALSE(submit(waiting));
  put(theirs.get(), "e");
  finish(waiting);
  EXPECT_EQ(waiting.text(), "e");
}

TEST_P(ReactorRestTest, AReceiveOfNothingLosesNothing) {
  auto [ours, theirs] = pair_with("def");
  Receive nothing(ours.get(), 0);
  EXPECT_TRUE(submit(nothing));
  EXPECT_EQ(nothing.result, 0);
  EXPECT_EQ(receive_in_parts(ours.get(), 3, 3), "def");
}

TEST_P(ReactorRestTest, AReceiveOfNothingDoesNotLookAhead) {
  if (GetParam() == Backend::io_uring) GTEST_SKIP() << "there it ends at once";
  auto [ours, theirs] = pair_with("");
  put(theirs.get(), "abc");
  Receive nothing(ours.get(), 0);
  ASSERT_FALSE(submit(nothing));
  finish(nothing);
  EXPECT_EQ(nothing.result, 0);
  Receive all(ours.get(), 4);
  carry_out(all);
  EXPECT_EQ(all.text(), "abc");
}

TEST_P(ReactorRestTest, WhatIsLeftComesBeforeTheEnd) {
  auto [ours, theirs] = pair_with("def");
  theirs.close();
  EXPECT_EQ(receive_in_parts(ours.get(), 3, 4), "def and then 0");
}

TEST_P(ReactorRestTest, WhatIsLeftComesBeforeAReset) {
  auto [ours, theirs] = pair_with("d");
  reset(std::move(theirs));
  Receive last(ours.get(), 3);
  carry_out(last);
  Receive behind(ours.get(), 3);
  carry_out(behind);
  EXPECT_EQ(last.text(), "d");
  EXPECT_EQ(behind.result, -ECONNRESET);
}

TEST_P(ReactorRestTest, TheEndBehindABufferThatWasFilledIsSeen) {
  auto [ours, theirs] = pair_with("");
  put(theirs.get(), "bye");
  theirs.close();
  Receive last(ours.get(), 3);
  carry_out(last);
  EXPECT_EQ(last.text(), "bye");
  Receive end(ours.get(), 3);
  carry_out(end);
  EXPECT_EQ(end.result, 0);
}

/// Whether the kernel says what a receive leaves behind.
bool tells_rest(int descriptor) {
  int tells = 0;
  socklen_t size = sizeof tells;
  EXPECT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_INQ, &tells, &size), 0);
  return tells != 0;
}

TEST_P(ReactorRestTest, TheKernelIsAskedOnceABufferHasBeenFilled) {
  if (GetParam() == Backend::io_uring) GTEST_SKIP() << "io_uring has completions, not readiness";
  auto [ours, theirs] = tcp_pair();
  put(theirs.get(), "ab");
  Receive with_room(ours.get(), 3);
  carry_out(with_room);
  EXPECT_FALSE(tells_rest(ours.get()));
  put(theirs.get(), "abc");
  Receive full(ours.get(), 3);
  carry_out(full);
  EXPECT_TRUE(tells_rest(ours.get()));
}

}  // namespace
}  // namespace rondo
