#include "rondo/proto/event_stream.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rondo::proto {
namespace {

using namespace std::string_literals;
using Events = std::vector<ServerSentEvent>;

Events parse(EventStreamParser& parser, std::string_view text, std::size_t piece) {
  Events events;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    std::string_view input = text.substr(at, piece);
    while (auto event = parser.feed(input)) events.push_back(*std::move(event));
    EXPECT_TRUE(input.empty() || parser.error() != EventStreamError::none);
  }
  return events;
}

struct StreamCase {
  std::string text;
  Events events;
};

// The examples of the HTML Standard §9.2.6 and its tests (web-platform-tests, eventsource).
TEST(EventStream, ReadsWhatTheStandardSays) {
  const StreamCase cases[] = {
      {"data: This is the first message.\n\ndata: This is the second message, it\n"
       "data: has two lines.\n\ndata: This is the third message.\n\n",
       {{"message", "This is the first message.", ""},
        {"message", "This is the second message, it\nhas two lines.", ""},
        {"message", "This is the third message.", ""}}},
      {"event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
       {{"add", "73857293", ""}, {"remove", "2153", ""}}},
      {"data: YHOO\ndata: +2\ndata: 10\n\n", {{"message", "YHOO\n+2\n10", ""}}},
      {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
       "data:  third event\n\n",
       {{"message", "first event", "1"},
        {"message", "second event", ""},
        {"message", " third event", ""}}},
      {"data\n\ndata\ndata\n\ndata:\n", {{"message", "", ""}, {"message", "\n", ""}}},
      {"data:test\n\ndata: test\n\n", {{"message", "test", ""}, {"message", "test", ""}}},
      {"data:a\rdata:b\r\rdata:c\r\n\r\ndata:d\n\n",
       {{"message", "a\nb", ""}, {"message", "c", ""}, {"message", "d", ""}}},
      {"\xef\xbb\xbf"
       "data:1\n\n",
       {{"message", "1", ""}}},
      {"\xef\xbb\xbf\xef\xbb\xbf"
       "data:1\n\ndata:2\n\n",
       {{"message", "2", ""}}},
      {"data:1\n\n\xef\xbb\xbf"
       "data:2\n\n",
       {{"message", "1", ""}}},
      {"id: a\ndata:1\n\nid: b\0c\ndata:2\n\nid:\ndata:3\n\n"s,
       {{"message", "1", "a"}, {"message", "2", "a"}, {"message", "3", ""}}},
      {"event: x\n\ndata:1\n\n", {{"message", "1", ""}}},
      {"id: 7\n\ndata:1\n\n", {{"message", "1", "7"}}},
      {"event: x\nevent:\ndata:1\n\n", {{"message", "1", ""}}},
      {"Data:1\ndata :2\n data:3\nunknown:4\n:data:5\n\n", {}},
      {"data:never ended\n", {}},
      {"data:1\nevent:e", {}},
      {"data:\0x\n\n"s, {{"message", "\0x"s, ""}}},
      {"data:\xff\xfe\nevent:\xc3\n\n", {{"\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd", ""}}},
      {"data:\xe2\x82\xac\n\n", {{"message", "\xe2\x82\xac", ""}}},
      {"\n\n\r\r\r\n", {}},
      {"", {}},
  };
  for (const StreamCase& each : cases) {
    for (const std::size_t piece : {1, 2, 3, 5, 1000}) {
      EventStreamParser parser;
      EXPECT_EQ(parse(parser, each.text, piece), each.events) << each.text << " by " << piece;
    }
  }
}

TEST(EventStream, GivesAnEventAtOnce) {
  EventStreamParser parser;
  std::string_view input = "data:1\r\n\r";
  EXPECT_TRUE(parser.feed(input));
  EXPECT_TRUE(input.empty());
  input = "\ndata:2\n\n";
  EXPECT_EQ(parser.feed(input)->data, "2");
}

TEST(EventStream, HearsHowLongToWait) {
  struct Row {
    std::string_view text;
    std::optional<std::chrono::milliseconds> retry;
  };
  using std::chrono::milliseconds;
  const Row rows[] = {
      {"retry:3000\n", milliseconds(3000)},
      {"retry: 0\n", milliseconds(0)},
      {"retry:1\nretry:2\n", milliseconds(2)},
      {"retry:5\nretry:x\nretry:-1\nretry:1.5\nretry:\nretry:1 \n", milliseconds(5)},
      {"retry:99999999999999999999999\n", milliseconds(1'000'000'000'000)},
      {"data:1\n\n", std::nullopt},
  };
  for (const Row& each : rows) {
    EventStreamParser parser;
    parse(parser, each.text, 1);
    EXPECT_EQ(parser.retry(), each.retry) << each.text;
  }
}

TEST(EventStream, KeepsTheLastIdOverANewConnection) {
  EventStreamParser parser;
  parse(parser, "id:1\ndata:a\n\nid:2\nevent:x\ndata:unfinished\r", 1);
  EXPECT_EQ(parser.last_event_id(), "1");
  parser.restart();
  EXPECT_EQ(parse(parser, "\xef\xbb\xbf\ndata:b\n\n", 1), (Events{{"message", "b", "1"}}));
}

TEST(EventStream, KeepsToItsLimits) {
  const EventStreamLimits limits = {.max_line = 10, .max_event = 12};
  struct Row {
    std::string_view text;
    EventStreamError error;
  };
  const Row rows[] = {
      {"data:12345\n\n", EventStreamError::none},
      {"data:123456\n\n", EventStreamError::line_too_long},
      {":2345678901", EventStreamError::line_too_long},
      {"data:12345\ndata:12345\n\n", EventStreamError::none},
      {"data:12345\ndata:12345\ndata\n\n", EventStreamError::event_too_large},
  };
  for (const Row& each : rows) {
    for (const std::size_t piece : {1, 1000}) {
      EventStreamParser parser(limits);
      parse(parser, each.text, piece);
      EXPECT_EQ(parser.error(), each.error) << each.text;
      std::string_view more = "data:1\n\n";
      if (each.error != EventStreamError::none) {
        EXPECT_FALSE(parser.feed(more));
      }
    }
  }
  EXPECT_NE(describe(EventStreamError::line_too_long), describe(EventStreamError::event_too_large));
}

}  // namespace
}  // namespace rondo::proto
