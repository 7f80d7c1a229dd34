// What a request carries, and when it is sent again.

#include "rondo/http/request_body.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/http/form_data.hpp"
#include "rondo/proto/content_decoder.hpp"
#include "rondo/runtime/file.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "tests/http/exchange_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using namespace std::chrono_literals;

/// Gives the pieces of a list.
class Pieces : public BodyStream {
 public:
  explicit Pieces(std::deque<std::string> pieces) : pieces_(std::move(pieces)) {}

  Task<> start() override {
    ++starts;
    left_ = pieces_;
    co_return;
  }
  Task<std::string_view> next() override {
    if (delay > Clock::duration::zero()) co_await sleep(delay);
    if (left_.empty()) {
      if (fails) throw std::domain_error("the source has dried up");
      co_return std::string_view();
    }
    piece_ = std::move(left_.front());
    left_.pop_front();
    co_return piece_;
  }
  std::optional<std::uint64_t> size() const override { return announced; }
  bool is_replayable() const noexcept override { return replayable; }

  std::optional<std::uint64_t> announced;
  bool replayable = false;
  bool fails = false;
  Clock::duration delay{};
  int starts = 0;

 private:
  std::deque<std::string> pieces_;
  std::deque<std::string> left_;
  std::string piece_;
};

class RequestBodyTest : public test::ExchangeSuite {
 protected:
  /// Answers "here", after a redirect from /old.
  static test::Behaviour redirecting(int status) {
    return [status](const Received& request) {
      const bool is_old = request.has(" /old ");
      return Reaction{.bytes = is_old ? test::redirect(status, "/new") : test::ok("here")};
    };
  }
};
RONDO_ON_EACH_BACKEND(RequestBodyTest);

Task<std::string> post(Core core, std::string url, RequestBody body, RequestOptions options = {}) {
  options.data = body;
  auto response = co_await test::request(core, "POST", url, options);
  co_return co_await response.read();
}

TEST_P(RequestBodyTest, OfUnknownLengthIsSentInChunks) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"hello ", "world, it is me"});
    EXPECT_EQ(co_await post(core, "http://h/", RequestBody::stream(stream, "text/x")), "here");
  });
  const std::string& text = requests().at(0).text;
  EXPECT_TRUE(requests().at(0).has("Transfer-Encoding: chunked\r\n")) << text;
  EXPECT_TRUE(requests().at(0).has("Content-Type: text/x\r\n")) << text;
  EXPECT_FALSE(requests().at(0).has("Content-Length")) << text;
  EXPECT_TRUE(text.ends_with("\r\n\r\n6\r\nhello \r\nf\r\nworld, it is me\r\n0\r\n\r\n")) << text;
}

TEST_P(RequestBodyTest, OfKnownLengthIsAnnounced) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc", "de"});
    stream->announced = 5;
    EXPECT_EQ(co_await post(core, "http://h/", RequestBody::stream(stream)), "here");
    EXPECT_EQ(co_await test::fetch(core, "http://h/"), "here");
  });
  EXPECT_TRUE(requests().at(0).has("Content-Length: 5\r\n"));
  EXPECT_TRUE(requests().at(0).text.ends_with("\r\n\r\nabcde"));
  EXPECT_EQ(log_.connections, 1) << "the connection is used again";
}

TEST_P(RequestBodyTest, ThatIsNotAsLongAsItSaidIsRefused) {
  for (const std::uint64_t announced : {4U, 6U}) {
    session(test::ok("here"), [&](Core core) -> Task<> {
      auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc", "de"});
      stream->announced = announced;
      const auto error = co_await test::failure_of<InvalidRequest>(
          post(core, "http://h/", RequestBody::stream(stream)));
      EXPECT_NE(std::string(error.what()).find(announced == 4 ? "longer" : "shorter"),
                std::string::npos)
          << error.what();
      EXPECT_EQ(co_await test::fetch(core, "http://h/"), "here");
    });
    EXPECT_EQ(log_.connections, 2) << "half a request is of no use to the next";
    log_ = {};
  }
}

TEST_P(RequestBodyTest, ThrowsWhatItsStreamThrows) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc"});
    stream->fails = true;
    const auto error = co_await test::failure_of<std::domain_error>(
        post(core, "http://h/", RequestBody::stream(stream)));
    EXPECT_STREQ(error.what(), "the source has dried up");
    EXPECT_EQ(core->pool->active(), 0U);
    EXPECT_EQ(co_await test::fetch(core, "http://h/"), "here");
  });
}

TEST_P(RequestBodyTest, IsCancelledWithItsRequest) {
  auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc"});
  stream->delay = 1h;
  session(test::ok("here"), [&](Core core) -> Task<> {
    co_await test::failure_of<ServerTimeoutError>(
        post(core, "http://h/", RequestBody::stream(stream), {.timeout = 5s}));
    EXPECT_EQ(core->pool->active(), 0U);
  });
}

TEST_P(RequestBodyTest, FollowsARedirectIfItCanBeReplayed) {
  session(redirecting(307), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc"});
    stream->replayable = true;
    EXPECT_EQ(co_await post(core, "http://h/old", RequestBody::stream(stream)), "here");
    EXPECT_EQ(stream->starts, 2);
  });
  EXPECT_TRUE(requests().at(1).has("3\r\nabc\r\n0\r\n\r\n")) << requests().at(1).text;
}

TEST_P(RequestBodyTest, EndsARedirectThatWouldNeedItTwice) {
  session(redirecting(307), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc"});
    co_await test::failure_of<InvalidRequest>(
        post(core, "http://h/old", RequestBody::stream(stream)));
  });
  EXPECT_EQ(requests().size(), 1U);
}

TEST_P(RequestBodyTest, IsLeftBehindByARedirectThatWantsGet) {
  session(redirecting(303), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc"});
    EXPECT_EQ(co_await post(core, "http://h/old", RequestBody::stream(stream)), "here");
    EXPECT_EQ(stream->starts, 1);
  });
  EXPECT_TRUE(requests().at(1).text.starts_with("GET /new "));
}

TEST_P(RequestBodyTest, CannotBeSentByTwoRequestsUnlessItCanBeReplayed) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    const auto body = RequestBody::stream(std::make_shared<Pieces>(std::deque<std::string>{"abc"}));
    EXPECT_EQ(co_await post(core, "http://h/", body), "here");
    co_await test::failure_of<InvalidRequest>(post(core, "http://h/", body));
  });
  EXPECT_EQ(requests().size(), 1U);
}

/// Closes the connection behind its second request, without an answer to it.
test::Behaviour dying_under_the_second(int& received) {
  return [&received](const Received&) {
    const bool dies = ++received == 2;
    return Reaction{.bytes = dies ? "" : test::ok("here"), .closes = dies};
  };
}

TEST_P(RequestBodyTest, IsReplayedOverANewConnectionOnlyIfItCanBe) {
  for (const bool replayable : {true, false}) {
    int received = 0;
    session(dying_under_the_second(received), [&](Core core) -> Task<> {
      EXPECT_EQ(co_await test::fetch(core, "http://h/"), "here");
      auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc"});
      stream->replayable = replayable;
      const auto body = RequestBody::stream(stream);
      auto put = test::request(core, "PUT", "http://h/", {.data = body});
      if (replayable) {
        auto response = co_await std::move(put);
        EXPECT_EQ(response.attempts(), 2U);
        EXPECT_EQ(co_await response.read(), "here");
      } else {
        co_await test::failure_of<ServerDisconnectedError>(std::move(put));
      }
      EXPECT_EQ(stream->starts, replayable ? 2 : 1);
    });
  }
}

TEST_P(RequestBodyTest, OfAFileIsItsContent) {
  const rondo::test::TemporaryDirectory directory;
  std::string content;
  for (int i = 0; content.size() < 300'000; ++i) content += std::to_string(i) + "\n";
  const std::string path = directory.write("data.txt", content).string();
  session(redirecting(308), [&](Core core) -> Task<> {
    EXPECT_EQ(co_await post(core, "http://h/old", RequestBody::file(path)), "here");
    const auto error = co_await test::failure_of<OsError>(
        post(core, "http://h/old", RequestBody::file(path + ".none")));
    EXPECT_NE(std::string(error.what()).find("data.txt.none"), std::string::npos);
  });
  for (const Received& request : requests()) {
    EXPECT_TRUE(request.has("Content-Length: " + std::to_string(content.size())));
    EXPECT_TRUE(request.text.ends_with("\r\n\r\n" + content));
  }
  EXPECT_EQ(requests().size(), 2U);
}

TEST_P(RequestBodyTest, OfAFormWithFilesIsStreamedAsMultipart) {
  const rondo::test::TemporaryDirectory directory;
  const std::string path = directory.write("score.txt", "do re mi").string();
  FormData form;
  form.add_field("title", "Rondo");
  form.add_file("score", path, "text/plain");
  session(redirecting(307), [&](Core core) -> Task<> {
    EXPECT_EQ(co_await post(core, "http://h/old", form.body()), "here");
  });
  ASSERT_EQ(requests().size(), 2U);
  for (const Received& request : requests()) {
    EXPECT_TRUE(request.has("Content-Type: multipart/form-data; boundary=")) << request.text;
    EXPECT_TRUE(request.has("Content-Disposition: form-data; name=\"title\"\r\n\r\nRondo\r\n--"));
    EXPECT_TRUE(
        request.has("form-data; name=\"score\"; filename=\"score.txt\"\r\n"
                    "Content-Type: text/plain\r\n\r\ndo re mi\r\n--"))
        << request.text;
  }
}

TEST(FormData, RefusesATypeThatWouldBeAnotherField) {
  FormData form;
  EXPECT_THROW(form.add_field("a", "b", "text/plain\r\nX: y"), std::invalid_argument);
  EXPECT_TRUE(form.body().content_type().starts_with("multipart/form-data; boundary="));
}

std::string decoded(std::string_view body, std::string_view coding) {
  auto decoder = proto::ContentDecoder::make(coding, {});
  std::string out(10000, '\0');
  const auto step = decoder.value().decode(body, out);
  EXPECT_FALSE(step.error);
  out.resize(step.written);
  return out;
}

TEST_P(RequestBodyTest, IsCompressedOnDemand) {
  for (const std::string_view coding : {"gzip", "deflate", "br", "zstd"}) {
    log_ = {};
    const std::string plain(5000, 'x');
    session(test::ok("here"), [&](Core core) -> Task<> {
      auto response =
          co_await test::request(core, "POST", "http://h/", {.data = plain, .compress = coding});
      co_await response.read();
    });
    const std::string& text = requests().at(0).text;
    EXPECT_TRUE(requests().at(0).has("Content-Encoding: " + std::string(coding) + "\r\n"));
    const std::string body = text.substr(text.find("\r\n\r\n") + 4);
    EXPECT_LT(body.size(), 200U);
    EXPECT_EQ(decoded(body, coding), plain);
  }
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc", "def"});
    EXPECT_EQ(co_await post(core, "http://h/", RequestBody::stream(stream), {.compress = "gzip"}),
              "here");
    EXPECT_THROW(static_cast<void>(
                     test::request(core, "POST", "http://h/", {.data = "x", .compress = "lzma"})),
                 InvalidRequest);
  });
  EXPECT_TRUE(requests().back().has("Transfer-Encoding: chunked\r\n"));
}

constexpr RequestOptions kAsking{.data = "body", .expect100 = true};

TEST_P(RequestBodyTest, IsSentWhenTheServerAgrees) {
  log_.on_expect = [](const std::string&) {
    return Reaction{.bytes = "HTTP/1.1 100 Continue\r\n\r\n"};
  };
  session(test::ok("here"), [&](Core core) -> Task<> {
    for (int i = 0; i < 2; ++i) {
      auto response = co_await test::request(core, "POST", "http://h/", kAsking);
      EXPECT_EQ(co_await response.read(), "here");
    }
  });
  EXPECT_TRUE(requests().at(0).has("Expect: 100-continue\r\n"));
  EXPECT_TRUE(requests().at(1).text.ends_with("\r\n\r\nbody"));
  EXPECT_EQ(log_.connections, 1);
}

TEST_P(RequestBodyTest, IsSentWhenTheServerSaysNothingForAWhile) {
  Clock::duration taken{};
  session(test::ok("here"), [&](Core core) -> Task<> {
    const auto begun = core->loop->now();
    auto response = co_await test::request(core, "POST", "http://h/", kAsking);
    EXPECT_EQ(co_await response.read(), "here");
    taken = core->loop->now() - begun;
  });
  EXPECT_GE(taken, 1s);
  EXPECT_LT(taken, 2s);
}

TEST_P(RequestBodyTest, IsNotSentWhenTheServerRefusesIt) {
  log_.on_expect = [](const std::string&) {
    return Reaction{.bytes = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"};
  };
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto response = co_await test::request(core, "POST", "http://h/", kAsking);
    EXPECT_EQ(response.status(), 413);
    EXPECT_EQ(co_await response.read(), "no");
    EXPECT_EQ(core->pool->idle(), 0U) << "the server may still wait for the body";
  });
  EXPECT_TRUE(requests().empty());
}

TEST_P(RequestBodyTest, IsSentWithoutAskingAServerThatDoesNotLikeToBeAsked) {
  log_.on_expect = [](const std::string&) {
    return Reaction{.bytes = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n",
                    .closes = true};
  };
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto response = co_await test::request(core, "POST", "http://h/", kAsking);
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(co_await response.read(), "here");
  });
  EXPECT_FALSE(requests().at(0).has("Expect"));
  EXPECT_TRUE(requests().at(0).text.ends_with("\r\n\r\nbody"));
  session(test::ok("here"), [&](Core core) -> Task<> {
    const auto once = RequestBody::stream(std::make_shared<Pieces>(std::deque<std::string>{"abc"}));
    EXPECT_EQ(co_await post(core, "http://h/", once, {.expect100 = true}), "here");
  });
  EXPECT_TRUE(requests().at(1).text.ends_with("\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
}

TEST_P(RequestBodyTest, IsNotAskedForWhenThereIsNone) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto response = co_await test::request(
        core, "GET", "http://h/", {.headers = {{"Expect", "100-continue"}}, .expect100 = true});
    EXPECT_EQ(co_await response.read(), "here");
  });
  EXPECT_FALSE(requests().at(0).has("Expect"));
}

TEST_P(RequestBodyTest, OfUnknownLengthIsRefusedInHttp10) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    auto stream = std::make_shared<Pieces>(std::deque<std::string>{"abc"});
    co_await test::failure_of<InvalidRequest>(
        post(core, "http://h/", RequestBody::stream(stream), {.version = HttpVersion::http_1_0}));
    EXPECT_EQ(
        co_await post(core, "http://h/", RequestBody("abc"), {.version = HttpVersion::http_1_0}),
        "here");
    EXPECT_EQ(core->pool->idle(), 0U);
  });
  EXPECT_TRUE(requests().at(0).text.starts_with("POST / HTTP/1.0\r\n"));
}

/// A stream of which every piece takes time, behind a question that takes time to be answered.
Task<> post_and_cancel(Core core, Clock::duration time, int& ended) {
  auto stream = std::make_shared<Pieces>(std::deque<std::string>{"a", "b", "c"});
  stream->delay = 3ms;
  stream->replayable = true;
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    auto posting =
        group.spawn(post(core, "http://h/old", RequestBody::stream(stream), {.expect100 = true}));
    co_await sleep(time);
    posting.cancel();
    co_await posting.wait();
    if (!posting.cancelled()) ++ended;
  });
}

TEST_P(RequestBodyTest, LeavesThePoolInOrderWhereverItIsCancelled) {
  log_.on_expect = [](const std::string&) {
    return Reaction{.bytes = "HTTP/1.1 100 Continue\r\n\r\n"};
  };
  log_.connect_delay = 3ms;
  int ended = 0;
  for (int step = 0; step < 40; ++step) {
    session(redirecting(307),
            [&](Core core) -> Task<> {
              co_await post_and_cancel(core, std::chrono::milliseconds(step), ended);
              EXPECT_EQ(co_await test::fetch(core, "http://h/new"), "here") << step;
            },
            {.total = 1});
  }
  EXPECT_GT(ended, 0) << "the last steps come after the end";
  EXPECT_LT(ended, 30) << "and the first before it";
}

}  // namespace
}  // namespace rondo::http
