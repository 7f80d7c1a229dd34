// Where the body of an answer goes: into buffers of the reader's, or past it in pieces.

#include "rondo/http/http1_body.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rondo/http/http1_connection.hpp"
#include "rondo/http/receive_buffer.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/testing/scripted_stream.hpp"

#include "tests/http/whole_exchange.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using testing::StreamRecord;
using testing::StreamScript;

class Http1BodyTest : public rondo::test::EachBackend {
 protected:
  StreamRecord record_;
};
RONDO_ON_EACH_BACKEND(Http1BodyTest);

Hop any_hop() {
  return {.method = "GET", .head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"};
}

Task<std::string> read_into_buffers(BodySource& source, std::size_t size) {
  std::string body;
  std::vector<char> buffer(size);
  while (const std::size_t count = co_await source.read_into(buffer, std::nullopt)) {
    body.append(buffer.data(), count);
  }
  EXPECT_TRUE(source.at_end());
  co_return body;
}

Task<std::string> read_into_buffers(StreamScript script, StreamRecord& record, std::size_t size) {
  Http1Connection connection(std::make_unique<testing::ScriptedStream>(std::move(script), record),
                             false);
  Hop hop = any_hop();
  Stage stage;
  Reply reply;
  co_await test::exchange(connection, hop, stage, reply);
  std::string body = co_await read_into_buffers(*reply.body, size);
  EXPECT_TRUE(connection.is_reusable());
  co_return body;
}

std::string long_body() {
  std::string body;
  for (int i = 0; body.size() < 100000; ++i) body += std::to_string(i);
  return body;
}

TEST_P(Http1BodyTest, GoesIntoBuffersOfAnySize) {
  const std::string body = long_body();
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  for (const std::size_t size : {std::size_t{7}, std::size_t{5000}, std::size_t{200000}}) {
    const StreamScript script{.pieces = testing::in_pieces_of(9001, head + body),
                              .ending = StreamScript::kSilence};
    EXPECT_EQ(run(read_into_buffers(script, record_, size)), body) << size;
  }
}

TEST_P(Http1BodyTest, IsReceivedStraightIntoTheBufferWhenItIsLong) {
  const std::string body(100000, 'x');
  const StreamScript script{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", body},
                            .ending = StreamScript::kSilence};
  EXPECT_EQ(run(read_into_buffers(script, record_, 100000)), body);
  EXPECT_EQ(record_.reads, 2U);
}

/// How much of the body comes with the head, in four answers: the bodies of the first two are read
/// into buffers, the others in pieces.
Task<std::vector<std::size_t>> come_with_the_head(std::string answer, StreamRecord& record) {
  const StreamScript script{.pieces = {4, answer}, .ending = StreamScript::kSilence};
  Http1Connection connection(std::make_unique<testing::ScriptedStream>(script, record), false);
  std::vector<std::size_t> sizes;
  for (int i = 0; i < 4; ++i) {
    Hop hop = any_hop();
    Stage stage;
    Reply reply;
    co_await test::exchange(connection, hop, stage, reply);
    sizes.push_back(reply.body->take().size());
    if (i < 2) {
      static_cast<void>(co_await read_into_buffers(*reply.body, 100000));
    } else {
      std::string body;
      co_await test::read_pieces(*reply.body, body);
    }
  }
  co_return sizes;
}

TEST_P(Http1BodyTest, HardlyComesWithItsHeadWhereTheOneBeforeWentIntoABuffer) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n";
  const std::size_t usual = ReceiveBuffer::kCapacity - head.size();
  const std::size_t little = 2048 - head.size();
  EXPECT_EQ(run(come_with_the_head(head + std::string(50000, 'x'), record_)),
            (std::vector<std::size_t>{usual, little, little, usual}));
}

TEST_P(Http1BodyTest, GoesIntoBuffersFromChunks) {
  const std::string body(20000, 'x');
  const StreamScript script{
      .pieces = testing::in_pieces_of(
          6000,
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + body + "\r\n0\r\n\r\n"),
      .ending = StreamScript::kSilence};
  EXPECT_EQ(run(read_into_buffers(script, record_, 30000)), body);
}

}  // namespace
}  // namespace rondo::http
