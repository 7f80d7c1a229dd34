// TLS over real connections, on each back end.

#include "rondo/net/tcp.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "tests/support/descriptors.hpp"
#include "tests/support/each_backend.hpp"
#include "tests/tls/tls_fixture.hpp"

namespace rondo::tls {
namespace {

using namespace std::chrono_literals;

Task<LowerEnds> tcp_ends() {
  net::TcpListener listener(net::SocketAddress::loopback(0));
  auto both = co_await gather(net::TcpStream::connect(listener.local_address()), listener.accept());
  co_return LowerEnds(std::move(std::get<0>(both)), std::move(std::get<1>(both)));
}

class TlsOverTcp : public TlsFixture, public ::testing::WithParamInterface<Backend> {
 protected:
  Task<TlsEnds> ends() {
    LowerEnds lower = co_await tcp_ends();
    co_return co_await shake_hands(std::move(lower), client_, server_);
  }

  template <class T>
  T run_on_backend(Task<T> task) {
    return run(std::move(task), {.backend = GetParam()});
  }

  static Task<> send(net::ByteStream& stream, std::string bytes) { co_await stream.write(bytes); }

  SharedContext client_ = client();
  SharedContext server_ = server();
};

TEST_P(TlsOverTcp, RunsOnTheBackEndUnderTest) {
  const auto body = []() -> Task<std::string> {
    co_return std::string(get_running_loop().backend());
  };
  EXPECT_EQ(run_on_backend(body()), test::backend_name({GetParam(), 0}));
}

TEST_P(TlsOverTcp, CarriesMebibytesBothWaysAtOnce) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    const std::string text = sample(std::size_t{4} * 1024 * 1024);
    auto results = co_await gather(read_exactly(*both.server, text.size()),
                                   read_exactly(*both.client, text.size()),
                                   send(*both.client, text), send(*both.server, text));
    EXPECT_EQ(std::get<0>(results), text);
    EXPECT_EQ(std::get<1>(results), text);
  };
  run_on_backend(body());
}

TEST_P(TlsOverTcp, AnswersManyTimesOnOneConnection) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    const auto serve = [](TlsStream& stream) -> Task<> {
      while (true) {
        const std::string question = co_await read_some(stream);
        if (question.empty()) break;
        co_await stream.write("re: ", question);
      }
      co_await stream.shut_down();
    };
    const auto ask = [](TlsStream& stream) -> Task<> {
      for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(stream.is_quiet()) << i;
        co_await stream.write("question");
        EXPECT_EQ(co_await read_exactly(stream, 12), "re: question");
      }
      co_await stream.shut_down();
    };
    co_await gather(serve(*both.server), ask(*both.client));
  };
  run_on_backend(body());
}

TEST_P(TlsOverTcp, IsQuietWhenOnlyTicketsHaveCome) {
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    for (int i = 0; i < 5; ++i) {
      co_await sleep(1ms);
      EXPECT_TRUE(both.client->is_quiet());
    }
    co_await both.server->write("unasked");
    while (both.client->is_quiet()) co_await sleep(1ms);
    EXPECT_EQ(co_await read_some(*both.client), "unasked");
  };
  run_on_backend(body());
}

TEST_P(TlsOverTcp, NoticesThatThePeerHasGone) {
  const auto body = [&]() -> Task<> {
    TlsEnds both = co_await ends();
    EXPECT_TRUE(both.client->is_quiet());
    both.server.reset();
    while (both.client->is_quiet()) co_await sleep(1ms);
    static_cast<void>(co_await tls_error(TlsError::Reason::truncated, read_some(*both.client)));
  };
  run_on_backend(body());
}

TEST_P(TlsOverTcp, CancelsReadsWritesAndHandshakes) {
  const auto times_out = [](auto task) -> Task<bool> {
    try {
      static_cast<void>(co_await timeout(20ms, std::move(task)));
    } catch (const TimeoutError&) {
      co_return true;
    }
    co_return false;
  };
  const auto write = [](net::ByteStream& stream) -> Task<int> {
    const std::string text = sample(std::size_t{16} * 1024 * 1024);
    co_await stream.write(text);
    co_return 0;
  };
  const auto body = [&]() -> Task<> {
    const TlsEnds both = co_await ends();
    EXPECT_TRUE(co_await times_out(read_some(*both.client)));
    co_await both.server->write("here");
    EXPECT_EQ(co_await read_some(*both.client), "here");
    EXPECT_TRUE(co_await times_out(write(*both.client)));
    LowerEnds silent = co_await tcp_ends();
    auto connecting = TlsStream::connect(std::move(silent.client), client_, "localhost", 443);
    EXPECT_TRUE(co_await times_out(std::move(connecting)));
  };
  run_on_backend(body());
}

TEST_P(TlsOverTcp, ResumesAndLeavesNoDescriptorBehind) {
  const auto body = [&]() -> Task<bool> {
    const TlsEnds both = co_await ends();
    co_await both.server->write("x");
    EXPECT_EQ(co_await read_some(*both.client), "x");
    co_await gather(both.client->shut_down(), both.server->shut_down());
    co_return both.client->info().resumed;
  };
  EXPECT_FALSE(run_on_backend(body()));
  const auto before = test::open_descriptors();
  EXPECT_TRUE(run_on_backend(body()));
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST_P(TlsOverTcp, RunsOverTlsItself) {
  const auto body = [&]() -> Task<> {
    TlsEnds outer = co_await ends();
    LowerEnds lower(std::move(outer.client), std::move(outer.server));
    const TlsEnds inner = co_await shake_hands(std::move(lower), client_, server_);
    EXPECT_TRUE(inner.client->is_quiet());
    const std::string text = sample(1000000);
    auto results = co_await gather(read_exactly(*inner.server, text.size()),
                                   read_exactly(*inner.client, text.size()),
                                   send(*inner.client, text), send(*inner.server, text));
    EXPECT_EQ(std::get<0>(results), text);
    EXPECT_EQ(std::get<1>(results), text);
    co_await gather(inner.client->shut_down(), inner.server->shut_down());
  };
  run_on_backend(body());
}

RONDO_ON_EACH_BACKEND(TlsOverTcp);

}  // namespace
}  // namespace rondo::tls
