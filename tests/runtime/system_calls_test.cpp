// What a receive says of the bytes that it leaves behind.

#include "rondo/runtime/system_calls.hpp"

#include <gtest/gtest.h>
#include <poll.h>

#include <cerrno>
#include <optional>
#include <string>

#include "operation_probe.hpp"
#include "sockets.hpp"

namespace rondo {
namespace {

void wait_until_readable(int descriptor) {
  pollfd wanted{descriptor, POLLIN, 0};
  ASSERT_EQ(::poll(&wanted, 1, 10'000), 1);
}

TEST(AskForRest, TellsWhatAReceiveHasLeft) {
  auto [ours, theirs] = tcp_pair();
  ASSERT_TRUE(detail::ask_for_rest(ours.get()));
  put(theirs.get(), "abcdef");
  wait_until_readable(ours.get());
  Receive half(ours.get(), 3);
  bool has_rest = false;
  ASSERT_TRUE(detail::try_receive(half, has_rest));
  EXPECT_EQ(half.text(), "abc");
  EXPECT_TRUE(has_rest);
  Receive other_half(ours.get(), 3);
  ASSERT_TRUE(detail::try_receive(other_half, has_rest));
  EXPECT_EQ(other_half.text(), "def");
  EXPECT_FALSE(has_rest);
  Receive nothing(ours.get(), 3);
  EXPECT_FALSE(detail::try_receive(nothing, has_rest));
}

TEST(AskForRest, TheEndOfTheStreamIsARest) {
  auto [ours, theirs] = tcp_pair();
  ASSERT_TRUE(detail::ask_for_rest(ours.get()));
  put(theirs.get(), "bye");
  theirs.close();
  pollfd wanted{ours.get(), POLLRDHUP, 0};
  ASSERT_EQ(::poll(&wanted, 1, 10'000), 1);
  Receive last(ours.get(), 3);
  bool has_rest = false;
  ASSERT_TRUE(detail::try_receive(last, has_rest));
  EXPECT_EQ(last.text(), "bye");
  EXPECT_TRUE(has_rest);
}

TEST(AskForRest, IsRefusedWhereTheKernelTellsNothing) {
  auto [ours, theirs] = socket_pair();
  EXPECT_FALSE(detail::ask_for_rest(ours.get()));
  EXPECT_FALSE(detail::ask_for_rest(-1));
  put(theirs.get(), "abc");
  Receive receive(ours.get(), 3);
  bool has_rest = false;
  ASSERT_TRUE(detail::try_receive(receive, has_rest));
  EXPECT_EQ(receive.text(), "abc");
  EXPECT_TRUE(has_rest);
}

TEST(ReceiveAhead, TakesOneByteMore) {
  auto [ours, theirs] = tcp_pair();
  put(theirs.get(), "abcdef");
  wait_until_readable(ours.get());
  Receive half(ours.get(), 3);
  std::optional<char> ahead;
  ASSERT_TRUE(detail::try_receive_ahead(half, ahead));
  EXPECT_EQ(half.text(), "abc");
  EXPECT_EQ(ahead, 'd');
  Receive rest(ours.get(), 3);
  ahead.reset();
  ASSERT_TRUE(detail::try_receive_ahead(rest, ahead));
  EXPECT_EQ(rest.text(), "ef");
  EXPECT_EQ(ahead, std::nullopt);
  Receive nothing(ours.get(), 3);
  EXPECT_FALSE(detail::try_receive_ahead(nothing, ahead));
}

TEST(ReceiveAhead, FillsTheBufferWhereNothingIsLeft) {
  auto [ours, theirs] = tcp_pair();
  const std::string text(detail::kMostCopied, 'x');
  put(theirs.get(), text);
  wait_until_readable(ours.get());
  Receive all(ours.get(), text.size());
  std::optional<char> ahead;
  ASSERT_TRUE(detail::try_receive_ahead(all, ahead));
  EXPECT_EQ(all.text(), text);
  EXPECT_EQ(ahead, std::nullopt);
}

TEST(ReceiveAhead, SeesTheEndAndErrors) {
  auto [ours, theirs] = tcp_pair();
  theirs.close();
  wait_until_readable(ours.get());
  Receive end(ours.get(), 3);
  std::optional<char> ahead;
  ASSERT_TRUE(detail::try_receive_ahead(end, ahead));
  EXPECT_EQ(end.result, 0);
  Receive invalid(-1, 3);
  ASSERT_TRUE(detail::try_receive_ahead(invalid, ahead));
  EXPECT_EQ(invalid.result, -EBADF);
  EXPECT_EQ(ahead, std::nullopt);
}

}  // namespace
}  // namespace rondo
