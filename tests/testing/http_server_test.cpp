#include "rondo/testing/http_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>
#include <stdexcept>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/tls/tls_stream.hpp"

#include "tests/support/descriptors.hpp"
#include "tests/support/each_backend.hpp"
#include "tests/support/test_certificates.hpp"

namespace rondo::testing {
namespace {

using namespace std::chrono_literals;
using Stream = std::unique_ptr<net::ByteStream>;

Task<Stream> connect(const HttpServer& server) {
  return net::TcpStream::connect(net::SocketAddress::loopback(server.port()));
}

Task<std::string> read_to_end(net::ByteStream& stream) {
  std::string all;
  std::string piece(4096, '\0');
  while (true) {
    const std::size_t count = co_await stream.read(piece);
    if (count == 0) co_return all;
    all.append(piece, 0, count);
  }
}

Task<std::string> read_exactly(net::ByteStream& stream, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t filled = 0; filled < size;) {
    const std::size_t count = co_await stream.read(std::span(bytes).subspan(filled));
    if (count == 0) throw std::runtime_error("the answer is short: " + bytes.substr(0, filled));
    filled += count;
  }
  co_return bytes;
}

/// Sends `bytes` on a connection of its own and reads until the server ends it.
Task<std::string> talk(const HttpServer& server, std::string_view bytes) {
  const Stream stream = co_await connect(server);
  co_await stream->write(bytes);
  co_return co_await read_to_end(*stream);
}

Task<std::string> get(const HttpServer& server, std::string_view path) {
  const std::string request = "GET " + std::string(path) + " HTTP/1.1\r\nConnection: close\r\n\r\n";
  co_return co_await talk(server, request);
}

std::string_view body_of(std::string_view answer) {
  return answer.substr(std::min(answer.find("\r\n\r\n"), answer.size() - 4) + 4);
}

/// The code of the `OsError` that reading to the end throws; 0: it does not.
Task<int> read_error(net::ByteStream& stream) {
  try {
    co_await read_to_end(stream);
  } catch (const OsError& error) {
    co_return error.code();
  }
  co_return 0;
}

class HttpServerTest : public test::EachBackend {
 protected:
  /// Runs `body(server)` with a server in a group.
  template <class Body>
  void with_server(Body body, HttpServerOptions options = {}) {
    run(serve_for(body, std::move(options)));
  }

 private:
  template <class Body>
  static Task<> serve_for(Body& body, HttpServerOptions options) {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      HttpServer server(group, options);
      co_await timeout(20s, body(server));
    });
  }
};
RONDO_ON_EACH_BACKEND(HttpServerTest);

TEST_P(HttpServerTest, AnswersByPath) {
  with_server([](HttpServer& server) -> Task<> {
    server.on("/", HttpReply::text("root"));
    server.on("/a/", HttpReply::text("below a"));
    server.on("/a/b", HttpReply::text("exactly b"));
    EXPECT_EQ(body_of(co_await get(server, "/a/b?x=1")), "exactly b");
    EXPECT_EQ(body_of(co_await get(server, "/a/b/c")), "below a");
    EXPECT_EQ(body_of(co_await get(server, "/a/")), "below a");
    EXPECT_EQ(body_of(co_await get(server, "/ab")), "root");
    EXPECT_EQ(body_of(co_await get(server, "http://example.com/a/b")), "exactly b");
  });
}

TEST_P(HttpServerTest, SaysThatThereIsNoHandler) {
  with_server([](HttpServer& server) -> Task<> {
    server.on("/a", HttpReply::text("a"));
    EXPECT_TRUE((co_await get(server, "/b")).starts_with("HTTP/1.1 404 \r\n"));
  });
}

TEST_P(HttpServerTest, NamesItsUrls) {
  with_server([](HttpServer& server) -> Task<> {
    EXPECT_EQ(server.url("/a?b"), "http://127.0.0.1:" + std::to_string(server.port()) + "/a?b");
    co_return;
  });
}

TEST_P(HttpServerTest, ShowsTheRequestToTheHandler) {
  with_server([](HttpServer& server) -> Task<> {
    HttpRequest seen;
    server.on("/form", [&seen](const HttpRequest& request) -> Task<HttpReply> {
      seen = request;
      co_return HttpReply::of_status(204);
    });
    co_await talk(server,
                  "POST /form?a=b HTTP/1.1\r\nX-Id: 7\r\nTransfer-Encoding: chunked\r\n"
                  "Connection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.target, "/form?a=b");
    EXPECT_EQ(seen.path, "/form");
    EXPECT_EQ(seen.query, "a=b");
    EXPECT_EQ(seen.headers.get("x-id"), "7");
    EXPECT_EQ(seen.body, "abcde");
  });
}

TEST_P(HttpServerTest, KeepsConnectionsAndCountsThem) {
  with_server([](HttpServer& server) -> Task<> {
    server.on("/", [](const HttpRequest& request) -> Task<HttpReply> {
      co_return HttpReply::text(std::to_string(request.connection) + "." +
                                std::to_string(request.number));
    });
    // Two requests in one packet: the second waits in the server's buffer.
    const std::string_view two = "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n";
    const std::string answers = co_await talk(server, two);
    EXPECT_NE(answers.find("\r\n\r\n1.1HTTP/1.1 200"), std::string::npos) << answers;
    EXPECT_TRUE(answers.ends_with("Connection: close\r\n\r\n1.2")) << answers;
    EXPECT_EQ(body_of(co_await get(server, "/")), "2.1");
    EXPECT_EQ(server.connections(), 2U);
    EXPECT_EQ(server.requests(), 3U);
  });
}

TEST_P(HttpServerTest, FramesBodiesInThreeWays) {
  with_server([](HttpServer& server) -> Task<> {
    HttpReply reply;
    reply.body = "0123456789abcdefg";
    server.on("/sized", reply);
    reply.framing = ReplyFraming::chunked;
    reply.chunk_size = 16;
    server.on("/chunked", reply);
    reply.framing = ReplyFraming::until_close;
    server.on("/until_close", reply);
    EXPECT_EQ(co_await get(server, "/sized"),
              "HTTP/1.1 200 \r\nContent-Length: 17\r\nConnection: close\r\n\r\n0123456789abcdefg");
    EXPECT_EQ(body_of(co_await get(server, "/chunked")),
              "10\r\n0123456789abcdef\r\n1\r\ng\r\n0\r\n\r\n");
    const std::string answer = co_await talk(server, "GET /until_close HTTP/1.1\r\n\r\n");
    EXPECT_EQ(answer, "HTTP/1.1 200 \r\nConnection: close\r\n\r\n0123456789abcdefg");
  });
}

TEST_P(HttpServerTest, SendsNoBodyWhereThereIsNone) {
  with_server([](HttpServer& server) -> Task<> {
    HttpReply reply = HttpReply::text("text");
    server.on("/", reply);
    reply.status = 304;
    server.on("/304", reply);
    const std::string_view head = "HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n";
    const std::string answer = co_await talk(server, head);
    EXPECT_NE(answer.find("Content-Length: 4\r\n"), std::string::npos) << answer;
    EXPECT_EQ(body_of(answer), "");
    EXPECT_EQ(body_of(co_await get(server, "/304")), "");
  });
}

TEST_P(HttpServerTest, SendsWrongFramingWhereATestWantsIt) {
  with_server([](HttpServer& server) -> Task<> {
    HttpReply reply;
    reply.headers.add("content-length", "99");
    reply.body = "short";
    reply.ending = ReplyEnding::close;
    server.on("/", reply);
    EXPECT_EQ(co_await talk(server, "GET / HTTP/1.1\r\n\r\n"),
              "HTTP/1.1 200 \r\ncontent-length: 99\r\n\r\nshort");
  });
}

TEST_P(HttpServerTest, SendsRawBytesAndCutsMessagesAnywhere) {
  with_server([](HttpServer& server) -> Task<> {
    server.on("/raw", HttpReply::bytes("SSH-2.0-nothing\r\n"));
    EXPECT_EQ(co_await talk(server, "GET /raw HTTP/1.1\r\n\r\n"), "SSH-2.0-nothing\r\n");
    HttpReply reply = HttpReply::text("text");
    const std::string whole = write_reply(reply, "GET", true).head + reply.body;
    reply.ending = ReplyEnding::close;
    for (reply.cut_at = 0; reply.cut_at <= whole.size(); ++reply.cut_at) {
      server.on("/cut", reply);
      const std::string answer = co_await talk(server, "GET /cut HTTP/1.1\r\n\r\n");
      EXPECT_EQ(answer, whole.substr(0, reply.cut_at));
    }
  });
}

TEST_P(HttpServerTest, ResetsAConnectionBehindWhatItSent) {
  with_server([](HttpServer& server) -> Task<> {
    HttpReply reply = HttpReply::text("text");
    reply.cut_at = 10;
    reply.ending = ReplyEnding::reset;
    server.on("/", reply);
    const Stream stream = co_await connect(server);
    co_await stream->write("GET / HTTP/1.1\r\n\r\n");
    EXPECT_EQ(co_await read_exactly(*stream, 10), "HTTP/1.1 2");
    EXPECT_EQ(co_await read_error(*stream), ECONNRESET);
  });
}

TEST_P(HttpServerTest, FallsSilentUntilItsEnd) {
  with_server([](HttpServer& server) -> Task<> {
    HttpReply reply = HttpReply::text("text");
    reply.ending = ReplyEnding::silence;
    reply.cut_at = 4;
    server.on("/", reply);
    const Stream stream = co_await connect(server);
    co_await stream->write("GET / HTTP/1.1\r\n\r\n");
    std::string answer(100, '\0');
    answer.resize(co_await stream->read(answer));
    EXPECT_EQ(answer, "HTTP");
    // It reads on, so that no client has to wait with what it sends.
    co_await stream->write(std::string(std::size_t{4} << 20, 'x'));
    EXPECT_TRUE(stream->is_quiet());
  });
}

TEST_P(HttpServerTest, RefusesWhatIsNoRequest) {
  with_server([](HttpServer& server) -> Task<> {
    for (const std::string_view bad :
         {"GET / HTTP/1.1 x\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
          "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"}) {
      const std::string answer = co_await talk(server, bad);
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 \r\n")) << bad << answer;
      EXPECT_NE(body_of(answer), "");
    }
    EXPECT_EQ(server.requests(), 0U);
  });
}

TEST_P(HttpServerTest, SurvivesClientsThatGoAway) {
  with_server([](HttpServer& server) -> Task<> {
    server.on("/", HttpReply::text(std::string(std::size_t{8} << 20, 'x')));
    for (const std::string_view beginning : {"", "GET / HT", "GET / HTTP/1.1\r\n\r\n"}) {
      const Stream stream = co_await connect(server);
      co_await stream->write(beginning);
    }
    server.on("/", HttpReply::text("still here"));
    EXPECT_EQ(body_of(co_await get(server, "/")), "still here");
  });
}

TEST_P(HttpServerTest, GivesTheWordThatABodyWaitsFor) {
  with_server([](HttpServer& server) -> Task<> {
    server.on("/", [](const HttpRequest& request) -> Task<HttpReply> {
      co_return HttpReply::text(request.body);
    });
    const Stream stream = co_await connect(server);
    co_await stream->write(
        "PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n"
        "Connection: close\r\n\r\n");
    EXPECT_EQ(co_await read_exactly(*stream, 25), "HTTP/1.1 100 Continue\r\n\r\n");
    co_await stream->write("body");
    EXPECT_EQ(body_of(co_await read_to_end(*stream)), "body");
  });
}

TEST_P(HttpServerTest, ServesOneClientWhileAnotherWaits) {
  with_server([](HttpServer& server) -> Task<> {
    server.on("/slow", [](const HttpRequest& /*request*/) -> Task<HttpReply> {
      co_await sleep(1h);
      co_return HttpReply();
    });
    server.on("/", HttpReply::text("quick"));
    const Stream slow = co_await connect(server);
    co_await slow->write("GET /slow HTTP/1.1\r\n\r\n");
    while (server.requests() == 0) co_await sleep(0s);
    EXPECT_EQ(body_of(co_await get(server, "/")), "quick");
  });
}

TEST_P(HttpServerTest, LeavesNothingBehind) {
  const auto before = test::open_descriptors();
  with_server([](HttpServer& server) -> Task<> {
    server.on("/", HttpReply::text("text"));
    const Stream kept = co_await connect(server);
    co_await kept->write("GET / HTTP/1.1\r\n\r\n");
    EXPECT_FALSE((co_await read_exactly(*kept, 16)).empty());
  });
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST_P(HttpServerTest, LetsTheGroupFailWithItsHandlers) {
  const auto fail = [this] {
    with_server([](HttpServer& server) -> Task<> {
      server.on("/", [](const HttpRequest& /*request*/) -> Task<HttpReply> {
        throw std::logic_error("a mistake of the test");
        co_return HttpReply();
      });
      co_await talk(server, "GET / HTTP/1.1\r\n\r\n");
      co_await sleep(1h);
    });
  };
  EXPECT_THROW(fail(), std::logic_error);
}

class HttpServerTlsTest : public HttpServerTest {
 protected:
  HttpServerTlsTest() {
    const test::IdentityFiles identity = certificates_.good();
    options_.tls = tls::TlsContext::server(
        {.certificate_file = identity.certificate_file, .key_file = identity.key_file});
    client_ = tls::TlsContext::client({.ca_file = certificates_.ca_file()});
  }

  [[nodiscard]] Task<std::unique_ptr<tls::TlsStream>> connect_tls(const HttpServer& server) const {
    Stream lower = co_await connect(server);
    co_return co_await tls::TlsStream::connect(std::move(lower), client_, "localhost",
                                               server.port());
  }

  HttpServerOptions options_;

 private:
  test::TestCertificates certificates_;
  std::shared_ptr<const tls::TlsContext> client_;
};
RONDO_ON_EACH_BACKEND(HttpServerTlsTest);

TEST_P(HttpServerTlsTest, SpeaksTlsAndEndsItInGoodOrder) {
  const auto body = [this](HttpServer& server) -> Task<> {
    server.on("/", HttpReply::text("secret"));
    EXPECT_TRUE(server.url("/").starts_with("https://127.0.0.1:"));
    const auto stream = co_await connect_tls(server);
    co_await stream->write("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(body_of(co_await read_to_end(*stream)), "secret");
  };
  with_server(body, options_);
}

TEST_P(HttpServerTlsTest, CutsTheConnectionWithoutCloseNotify) {
  const auto body = [this](HttpServer& server) -> Task<> {
    HttpReply reply = HttpReply::text("secret");
    reply.ending = ReplyEnding::cut;
    server.on("/", reply);
    const auto stream = co_await connect_tls(server);
    co_await stream->write("GET / HTTP/1.1\r\n\r\n");
    auto reading = read_to_end(*stream);
    EXPECT_THROW(co_await std::move(reading), tls::TlsError);
  };
  with_server(body, options_);
}

TEST_P(HttpServerTlsTest, SurvivesClientsThatDoNotSpeakTls) {
  const auto body = [this](HttpServer& server) -> Task<> {
    server.on("/", HttpReply::text("secret"));
    static_cast<void>(co_await talk(server, "GET / HTTP/1.1\r\n\r\n"));
    const auto stream = co_await connect_tls(server);
    co_await stream->write("GET / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(body_of(co_await read_to_end(*stream)), "secret");
  };
  with_server(body, options_);
}

}  // namespace
}  // namespace rondo::testing
