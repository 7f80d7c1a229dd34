// One connection over scripts: what is sent, what is made of every answer, and of half of one.

#include "rondo/http/http1_connection.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "rondo/http/hop.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/memory_stream.hpp"
#include "rondo/testing/scripted_stream.hpp"

#include "tests/http/whole_exchange.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using test::exchange;
using test::read_pieces;
using testing::StreamRecord;
using testing::StreamScript;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class Http1ConnectionTest : public rondo::test::EachBackend {};
RONDO_ON_EACH_BACKEND(Http1ConnectionTest);

/// How an exchange ended, to be compared.
struct Seen {
  int status = 0;
  std::string body;
  std::optional<ExchangeFault> fault;
  Progress progress = Progress::unsent;
  bool is_reusable = false;

  bool operator==(const Seen&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.status << " '" << seen.body << "' fault "
             << (seen.fault ? static_cast<int>(*seen.fault) : -1) << " progress "
             << static_cast<int>(seen.progress) << " reusable " << seen.is_reusable;
}

Hop get() {
  return {.method = "GET", .head = kGet};
}

/// What a hop refers to, for as long as the program runs.
const RequestBody& kept(std::string body) {
  static std::deque<RequestBody> bodies;
  return bodies.emplace_back(std::move(body));
}

Hop post(std::string body) {
  return {.method = "POST", .head = "POST / HTTP/1.1\r\n\r\n", .body = &kept(std::move(body))};
}

Task<Seen> exchange(Connection& connection, Hop hop) {
  Seen seen;
  try {
    Stage stage;
    Reply reply;
    co_await exchange(connection, hop, stage, reply);
    seen.status = reply.head.status;
    co_await read_pieces(*reply.body, seen.body);
  } catch (const ExchangeFailure& failure) {
    seen.fault = failure.fault;
  }
  seen.progress = connection.progress();
  seen.is_reusable = connection.is_reusable();
  co_return seen;
}

Task<Seen> play(StreamScript script, StreamRecord& record, Hop hop) {
  Http1Connection connection(std::make_unique<testing::ScriptedStream>(std::move(script), record),
                             false);
  co_return co_await exchange(connection, std::move(hop));
}

class Http1Answer : public Http1ConnectionTest {
 protected:
  Seen play(StreamScript script, Hop hop = get()) {
    return run(http::play(std::move(script), record_, std::move(hop)));
  }

  Seen answer(std::string text, Hop hop = get()) {
    return play({.pieces = {std::move(text)}, .ending = StreamScript::kSilence}, std::move(hop));
  }

  StreamRecord record_;
};
RONDO_ON_EACH_BACKEND(Http1Answer);

TEST_P(Http1Answer, IsReadBehindTheRequestThatIsSentInOneWrite) {
  const Seen seen = answer("HTTP/1.1 201 Made\r\nContent-Length: 5\r\n\r\nhello", post("data"));
  EXPECT_EQ(seen, (Seen{201, "hello", {}, Progress::answered, true}));
  EXPECT_EQ(record_.written, "POST / HTTP/1.1\r\n\r\ndata");
  EXPECT_EQ(record_.writes, 1U);
}

TEST_P(Http1Answer, MayComeBehindInformationalOnes) {
  const Seen seen = answer(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_EQ(seen, (Seen{200, "x", {}, Progress::answered, true}));
}

TEST_P(Http1Answer, MayComeBehindSoManyInformationalOnesAndNoMore) {
  std::string informational;
  for (int i = 0; i < Http1Connection::kMaxInformational; ++i) {
    informational += "HTTP/1.1 103 Early Hints\r\n\r\n";
  }
  const std::string last = "HTTP/1.1 204 No Content\r\n\r\n";
  EXPECT_EQ(answer(informational + last).status, 204);
  const Seen seen = answer(informational + "HTTP/1.1 103 Early Hints\r\n\r\n" + last);
  EXPECT_EQ(seen, (Seen{0, "", ExchangeFault::protocol, Progress::answered, false}));
}

struct Whole {
  std::string_view text;
  std::string_view body;
};

constexpr Whole kWhole[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX: y\r\n\r\nhello world", "hello world"},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n",
     "hello world"},
};

TEST_P(Http1Answer, IsTheSameWhereverItIsCutIntoPieces) {
  for (const Whole& whole : kWhole) {
    for (std::size_t at = 0; at <= whole.text.size(); ++at) {
      const Seen seen =
          play({.pieces = testing::split_at(at, whole.text), .ending = StreamScript::kSilence});
      EXPECT_EQ(seen, (Seen{200, std::string(whole.body), {}, Progress::answered, true})) << at;
    }
    const Seen bytes = play({.pieces = testing::in_pieces_of(1, whole.text),
                             .ending = StreamScript::kSilence,
                             .ends_at_once = false});
    EXPECT_EQ(bytes, (Seen{200, std::string(whole.body), {}, Progress::answered, true}));
  }
}

TEST_P(Http1Answer, ThatIsCutOffAnywhereIsADisconnectionAndThenADamagedBody) {
  for (const Whole& whole : kWhole) {
    const std::size_t head = whole.text.rfind("\r\n\r\n", whole.text.find("hello")) + 4;
    for (std::size_t at = 0; at < whole.text.size(); ++at) {
      const Seen seen = play({.pieces = {std::string(whole.text.substr(0, at))}});
      EXPECT_EQ(seen.fault, at < head && seen.status == 0 ? ExchangeFault::disconnected
                                                          : ExchangeFault::payload)
          << at;
      EXPECT_EQ(seen.progress, at == 0 ? Progress::sent : Progress::answered) << at;
      EXPECT_FALSE(seen.is_reusable) << at;
    }
  }
}

TEST_P(Http1Answer, GivesWhatIsInFrontOfADamageWhereverItIsCutIntoPieces) {
  const std::string_view text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno size\r\n";
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const Seen seen = play({.pieces = testing::split_at(at, text)});
    EXPECT_EQ(seen, (Seen{200, "hello", ExchangeFault::payload, Progress::answered, false})) << at;
  }
}

TEST_P(Http1Answer, ThatIsResetAnywhereIsADisconnection) {
  for (const Whole& whole : kWhole) {
    for (std::size_t at = 0; at < whole.text.size(); ++at) {
      const Seen seen =
          play({.pieces = {std::string(whole.text.substr(0, at))}, .ending = ECONNRESET});
      EXPECT_EQ(seen.fault, ExchangeFault::disconnected) << at;
      EXPECT_EQ(seen.progress, at == 0 ? Progress::sent : Progress::answered) << at;
      EXPECT_FALSE(seen.is_reusable) << at;
    }
  }
}

TEST_P(Http1Answer, ThatTheSystemFailsToReadIsNoDisconnection) {
  EXPECT_EQ(play({.pieces = {}, .ending = EIO}).fault, ExchangeFault::system);
  EXPECT_EQ(play({.pieces = {}, .ending = ETIMEDOUT}).fault, ExchangeFault::system);
}

TEST_P(Http1Answer, ThatIsNoHttpIsAProtocolFailure) {
  for (const char* text :
       {"SSH-2.0-OpenSSH\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"}) {
    const Seen seen = answer(text);
    EXPECT_EQ(seen, (Seen{0, "", ExchangeFault::protocol, Progress::answered, false})) << text;
  }
}

TEST_P(Http1Answer, ThatHasTheSameLengthTwiceIsTaken) {
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
            (Seen{200, "x", {}, Progress::answered, true}));
}

TEST_P(Http1Answer, WithoutABodyByDefinitionLeavesTheConnectionUsable) {
  Hop head{.method = "HEAD", .head = "HEAD / HTTP/1.1\r\n\r\n"};
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", std::move(head)),
            (Seen{200, "", {}, Progress::answered, true}));
  EXPECT_EQ(answer("HTTP/1.1 204 No Content\r\n\r\n"),
            (Seen{204, "", {}, Progress::answered, true}));
  EXPECT_EQ(answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
            (Seen{304, "", {}, Progress::answered, true}));
}

TEST_P(Http1Answer, UntilTheEndOfTheConnectionIsWholeAndTheLast) {
  EXPECT_EQ(play({.pieces = {"HTTP/1.1 200 OK\r\n\r\nab", "cd"}}),
            (Seen{200, "abcd", {}, Progress::answered, false}));
}

TEST_P(Http1Answer, ThatSwitchesProtocolsIsAProtocolFailure) {
  EXPECT_EQ(answer("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
            (Seen{0, "", ExchangeFault::protocol, Progress::answered, false}));
}

TEST_P(Http1Answer, WithBytesBehindItLeavesNoUsableConnection) {
  EXPECT_EQ(answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n"),
            (Seen{200, "x", {}, Progress::answered, false}));
  EXPECT_EQ(answer("HTTP/1.1 204 No Content\r\n\r\n\n"),
            (Seen{204, "", {}, Progress::answered, false}));
}

TEST_P(Http1Answer, IsTheLastWhenEitherSideWantsToClose) {
  EXPECT_FALSE(answer("HTTP/1.1 204 None\r\nConnection: Close\r\n\r\n").is_reusable);
  Hop closing = get();
  closing.keep_alive = false;
  EXPECT_FALSE(answer("HTTP/1.1 204 None\r\n\r\n", std::move(closing)).is_reusable);
  EXPECT_FALSE(answer("HTTP/1.0 204 None\r\n\r\n").is_reusable);
  EXPECT_TRUE(answer("HTTP/1.0 204 None\r\nConnection: keep-alive\r\n\r\n").is_reusable);
}

TEST_P(Http1Answer, IsReadThoughTheServerRefusesTheBodyOfTheRequest) {
  const StreamScript refusal{.pieces = {"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"},
                             .ending = StreamScript::kSilence,
                             .failing_operation = 1,
                             .failure = EPIPE};
  // The rest of the request never left: what would come next is no new request to the server.
  EXPECT_EQ(play(refusal, post("data")), (Seen{413, "no", {}, Progress::answered, false}));
  StreamScript gone = refusal;
  gone.pieces.clear();
  gone.ending = ECONNRESET;
  EXPECT_EQ(play(gone, post("data")),
            (Seen{0, "", ExchangeFault::disconnected, Progress::sent, false}));
}

TEST_P(Http1Answer, IsReadThoughTheServerStopsReadingTheRequest) {
  const StreamScript refusal{.pieces = {"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"},
                             .ending = StreamScript::kSilence,
                             .accepts = 20000};
  const Seen refused{413, "no", {}, Progress::answered, false};
  EXPECT_EQ(play(refusal, post(std::string(100000, 'x'))), refused);
  EXPECT_LT(record_.written.size(), 100000U);
  EXPECT_TRUE(record_.was_destroyed) << "and the write that was given up holds nothing back";
}

TEST_P(Http1Answer, IsMissedWhenTheServerEndsTheConnectionInsideTheRequest) {
  const StreamScript gone{.pieces = {}, .ending = StreamScript::kEndOfStream, .accepts = 20000};
  const Seen missed{0, "", ExchangeFault::disconnected, Progress::sent, false};
  EXPECT_EQ(play(gone, post(std::string(100000, 'x'))), missed);
  StreamScript reset = gone;
  reset.ending = ECONNRESET;
  EXPECT_EQ(play(reset, post(std::string(100000, 'x'))), missed);
}

TEST_P(Http1Answer, IsReadBehindALargeRequestThatFailed) {
  const StreamScript refusal{.pieces = {"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"},
                             .ending = StreamScript::kSilence,
                             .failing_operation = 1,
                             .failure = EPIPE};
  const Seen refused{413, "no", {}, Progress::answered, false};
  EXPECT_EQ(play(refusal, post(std::string(100000, 'x'))), refused);
}

/// Answers with what it is still receiving.
Task<> echo(std::unique_ptr<net::ByteStream> stream, std::size_t size) {
  std::vector<char> buffer(4096);
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  co_await stream->read(std::span(buffer).first(post("").head.size()));
  co_await stream->write(head);
  while (size > 0) {
    const std::size_t count = co_await stream->read(buffer);
    co_await stream->write(std::string_view(buffer.data(), count));
    size -= count;
  }
}

Task<Seen> exchange_with_echo(std::string body) {
  auto [client, server] = testing::memory_stream_pair();
  Http1Connection connection(std::move(client), false);
  const std::size_t size = body.size();
  Seen seen;
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    group.spawn(echo(std::move(server), size));
    seen = co_await exchange(connection, post(std::move(body)));
  });
  co_return seen;
}

TEST_P(Http1ConnectionTest, ReadsAnAnswerThatIsMadeOfTheRequestWhileItIsSent) {
  // Neither direction holds as much as that: each has to be read for the other to go on.
  const std::string body(1 << 20, 'x');
  EXPECT_EQ(run(exchange_with_echo(body)), (Seen{200, body, {}, Progress::answered, true}));
}

Task<std::vector<Seen>> exchange_twice(StreamScript script, StreamRecord& record) {
  Http1Connection connection(std::make_unique<testing::ScriptedStream>(std::move(script), record),
                             false);
  std::vector<Seen> seen;
  seen.push_back(co_await exchange(connection, get()));
  connection.rest();
  seen.push_back(co_await exchange(connection, get()));
  co_return seen;
}

/// One exchange for each of `limits`, null for none, over a connection with the limits `own`.
Task<std::vector<Seen>> exchange_each(StreamScript script, StreamRecord& record,
                                      proto::Http1Limits own,
                                      std::vector<const proto::Http1Limits*> limits) {
  Http1Connection connection(std::make_unique<testing::ScriptedStream>(std::move(script), record),
                             false, own);
  std::vector<Seen> seen;
  for (const auto* of_hop : limits) {
    Hop hop = get();
    hop.http1 = of_hop;
    seen.push_back(co_await exchange(connection, std::move(hop)));
  }
  co_return seen;
}

Hop get_within(const proto::Http1Limits& limits) {
  Hop hop = get();
  hop.http1 = &limits;
  return hop;
}

/// An answer to which all limits matter.
std::string broad_answer() {
  return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: " + std::string(100, 'x') +
         "\r\n\r\n1;" + std::string(100, 'e') + "\r\n2\r\n0\r\nY: " + std::string(100, 'y') +
         "\r\n\r\n";
}

TEST_P(Http1Answer, IsWithinTheLimitsOfItsRequest) {
  const proto::Http1Limits one_field{.max_fields = 1};
  const proto::Http1Limits short_lines{.max_line = 100};
  const proto::Http1Limits small_head{.max_head = 100};
  const proto::Http1Limits few_extensions{.max_chunk_extensions = 50};
  const Seen refused{0, "", ExchangeFault::protocol, Progress::answered, false};
  for (const auto* limits : {&one_field, &short_lines, &small_head}) {
    EXPECT_EQ(answer(broad_answer(), get_within(*limits)), refused);
  }
  EXPECT_EQ(answer(broad_answer(), get_within(few_extensions)),
            (Seen{200, "", ExchangeFault::payload, Progress::answered, false}));
  const std::string trailers =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "1\r\n2\r\n0\r\nY: y\r\nZ: z\r\n\r\n";
  EXPECT_EQ(answer(trailers, get_within(one_field)),
            (Seen{200, "2", ExchangeFault::payload, Progress::answered, false}));
}

TEST_P(Http1Answer, IsWithinTheLimitsOfTheConnectionBehindARequestThatHadItsOwn) {
  const StreamScript script{
      .pieces = testing::in_pieces_of(broad_answer().size(), broad_answer() + broad_answer()),
      .ending = StreamScript::kSilence,
      .ends_at_once = false};
  const Seen whole{200, "2", {}, Progress::answered, true};
  const proto::Http1Limits tight{
      .max_line = 100, .max_fields = 1, .max_head = 100, .max_chunk_extensions = 50};
  const proto::Http1Limits loose;
  const Seen refused{0, "", ExchangeFault::protocol, Progress::answered, false};
  EXPECT_EQ(run(exchange_each(script, record_, tight, {&loose, nullptr})),
            (std::vector<Seen>{whole, refused}));
  EXPECT_EQ(run(exchange_each(script, record_, loose, {nullptr, &tight})),
            (std::vector<Seen>{whole, refused}));
  StreamScript small = script;
  small.pieces = {"HTTP/1.1 204 No\r\n\r\n", broad_answer()};
  EXPECT_EQ(run(exchange_each(small, record_, loose, {&tight, nullptr})),
            (std::vector<Seen>{{204, "", {}, Progress::answered, true}, whole}));
}

TEST_P(Http1Answer, BelongsToTheRequestThatWasSentLast) {
  const StreamScript script{
      .pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1",
                 "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n"},
      .ending = StreamScript::kSilence};
  const auto seen = run(exchange_twice(script, record_));
  EXPECT_EQ(seen[0], (Seen{200, "1", {}, Progress::answered, true}));
  EXPECT_EQ(seen[1], (Seen{404, "2", {}, Progress::answered, true}));
}

TEST_P(Http1Answer, OfAnEarlierRequestDoesNotCountAsProgressOfTheNext) {
  const StreamScript script{.pieces = {"HTTP/1.1 204 None\r\n\r\n"}};
  const auto seen = run(exchange_twice(script, record_));
  EXPECT_EQ(seen[1], (Seen{0, "", ExchangeFault::disconnected, Progress::sent, false}));
}

Task<std::vector<bool>> quiet_before_and_after(StreamRecord& record) {
  auto [client, server] = testing::memory_stream_pair();
  Http1Connection connection(std::move(client), false);
  std::vector<bool> quiet;
  quiet.push_back(connection.is_quiet());
  co_await server->write("HTTP/1.1 408 Timeout\r\n\r\n");
  quiet.push_back(connection.is_quiet());
  Http1Connection ended(std::make_unique<testing::ScriptedStream>(StreamScript{}, record), false);
  quiet.push_back(ended.is_quiet());
  co_return quiet;
}

TEST_P(Http1ConnectionTest, IsQuietUntilSomethingComesUnasked) {
  StreamRecord record;
  EXPECT_EQ(run(quiet_before_and_after(record)), (std::vector<bool>{true, false, false}));
}

}  // namespace
}  // namespace rondo::http
