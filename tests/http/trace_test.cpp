// What is told of a request, to whom, and in which order.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/trace_config.hpp"
#include "rondo/runtime/gather.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using namespace std::chrono_literals;

using Notes = std::vector<std::string>;

/// Notes the names of aiohttp's signals, and what matters of what they tell.
class Recorder final : public RequestTrace {
 public:
  explicit Recorder(Notes& notes) : notes_(notes) {}

  void on_request_start(std::string_view method, const proto::Url& url) override {
    note("request_start " + std::string(method) + " " + std::string(url.pathname()));
  }
  void on_connection_queued_start() override { note("connection_queued_start"); }
  void on_connection_queued_end() override { note("connection_queued_end"); }
  void on_connection_create_start() override { note("connection_create_start"); }
  void on_connection_create_end() override { note("connection_create_end"); }
  void on_connection_reuseconn() override { note("connection_reuseconn"); }
  void on_dns_cache_hit(std::string_view host) override {
    note("dns_cache_hit " + std::string(host));
  }
  void on_dns_cache_miss(std::string_view host) override {
    note("dns_cache_miss " + std::string(host));
  }
  void on_dns_resolvehost_start(std::string_view host) override {
    note("dns_resolvehost_start " + std::string(host));
  }
  void on_dns_resolvehost_end(std::string_view host) override {
    note("dns_resolvehost_end " + std::string(host));
  }
  void on_request_headers_sent(std::string_view head) override {
    note("request_headers_sent " + std::string(head.substr(0, head.find(' '))));
  }
  void on_request_chunk_sent(std::string_view chunk) override {
    note("request_chunk_sent " + std::string(chunk));
  }
  void on_informational_response(const proto::ResponseHead& head) override {
    note("informational " + std::to_string(head.status));
  }
  void on_request_redirect(const HistoryEntry& answered) override {
    note("request_redirect " + std::to_string(answered.status));
  }
  void on_request_end(const Response& response) override {
    note("request_end " + std::to_string(response.status()));
  }
  void on_request_exception(const std::exception_ptr& error) override {
    try {
      std::rethrow_exception(error);
    } catch (const ClientError& failure) {
      note("request_exception " + std::string(class_name(failure)));
    } catch (...) {
      note("request_exception");
    }
  }
  void on_response_chunk_received(std::string_view chunk) override {
    note("response_chunk_received " + std::string(chunk));
  }
  void on_replay(std::string_view) override { note("replay"); }

 private:
  void note(std::string text) { notes_.push_back(std::move(text)); }

  Notes& notes_;
};

class TraceTest : public test::ExchangeSuite {};
RONDO_ON_EACH_BACKEND(TraceTest);

TEST_P(TraceTest, TellsOfARequestFromItsStartToItsBody) {
  Notes notes;
  const test::Behaviour server = [](const Received& request) {
    const bool is_old = request.has(" /old ");
    return Reaction{.bytes = is_old ? test::redirect(307, "/new")
                                    : "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" +
                                          test::ok("here")};
  };
  session(server, [&](Core core) -> Task<> {
    Recorder trace(notes);
    auto response =
        co_await test::request(core, "POST", "http://h/old", {.data = "body", .trace = &trace});
    EXPECT_EQ(response.informational().size(), 1U);
    EXPECT_EQ(response.informational().at(0).headers.get("Link"), "</a>");
    EXPECT_EQ(co_await response.read(), "here");
  });
  EXPECT_EQ(notes,
            Notes({"request_start POST /old", "connection_create_start", "connection_create_end",
                   "request_headers_sent POST", "request_chunk_sent body", "request_redirect 307",
                   "request_start POST /new", "connection_reuseconn", "request_headers_sent POST",
                   "request_chunk_sent body", "informational 103", "request_end 200",
                   "response_chunk_received here"}));
}

TEST_P(TraceTest, TellsOfAReplay) {
  int received = 0;
  const test::Behaviour server = [&](const Received&) {
    const bool dies = ++received == 2;
    return Reaction{.bytes = dies ? "" : test::ok(""), .closes = dies};
  };
  Notes notes;
  session(server, [&](Core core) -> Task<> {
    co_await test::fetch(core, "http://h/");
    Recorder trace(notes);
    const auto response = co_await test::request(core, "GET", "http://h/a", {.trace = &trace});
    EXPECT_EQ(response.attempts(), 2U);
  });
  EXPECT_EQ(notes, Notes({"request_start GET /a", "connection_reuseconn",
                          "request_headers_sent GET", "replay", "connection_create_start",
                          "connection_create_end", "request_headers_sent GET", "request_end 200"}));
}

TEST_P(TraceTest, TellsOfAFailureOnce) {
  Notes notes;
  session("HTTP/1.1 nonsense\r\n\r\n", [&](Core core) -> Task<> {
    Recorder trace(notes);
    co_await test::failure_of<ClientProtocolError>(
        test::request(core, "GET", "http://h/a", {.trace = &trace}));
  });
  EXPECT_EQ(notes,
            Notes({"request_start GET /a", "connection_create_start", "connection_create_end",
                   "request_headers_sent GET", "request_exception ClientProtocolError"}));
}

TEST_P(TraceTest, TellsOfTheQueue) {
  Notes notes;
  const test::Behaviour slow = [](const Received&) {
    return Reaction{.bytes = test::ok(""), .delay = 1s};
  };
  session(slow,
          [&](Core core) -> Task<> {
            Recorder trace(notes);
            auto second = test::request(core, "GET", "http://h/b", {.trace = &trace});
            co_await gather(test::fetch(core, "http://h/a"), std::move(second));
          },
          {.total = 1});
  EXPECT_EQ(notes,
            Notes({"request_start GET /b", "connection_queued_start", "connection_queued_end",
                   "connection_reuseconn", "request_headers_sent GET", "request_end 200"}));
}

TEST_P(TraceTest, IsMadeForEachRequestOfASession) {
  Notes notes;
  std::vector<const void*> contexts;
  const int context = 1;
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->trace_configs = {[&](const TraceRequest& request) {
                             contexts.push_back(request.trace_request_ctx);
                             return std::make_unique<Recorder>(notes);
                           },
                           [](const TraceRequest&) { return nullptr; }};
    EXPECT_EQ(co_await test::fetch(core, "http://h/a"), "here");
    Notes own;
    Recorder trace(own);
    auto response = co_await test::request(core, "GET", "http://h/b",
                                           {.trace = &trace, .trace_request_ctx = &context});
    EXPECT_EQ(co_await response.read(), "here");
    EXPECT_EQ(own.size(), 5U);
  });
  EXPECT_EQ(notes.size(), 11U);
  EXPECT_EQ(contexts, std::vector<const void*>({nullptr, &context}));
}

}  // namespace
}  // namespace rondo::http
