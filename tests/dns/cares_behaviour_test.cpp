// Against a server that answers late, wrongly or never, and at the end of loops.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "rondo/dns/cares_resolver.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "tests/dns/resolve_expect.hpp"
#include "tests/dns/udp_name_server.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/dnsmasq.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::dns {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;
using test::UdpNameServer;

class CaresBehaviourTest : public test::EachBackend {
 protected:
  UdpNameServer server_;
  CaresResolver resolver_{{.servers = {server_.address()}, .timeout = 40ms, .tries = 2}};
};
RONDO_ON_EACH_BACKEND(CaresBehaviourTest);

/// Answers `count` questions with `code`.
Task<> answer_with(UdpNameServer& server, int count, UdpNameServer::Code code) {
  for (int i = 0; i < count; ++i) server.answer(co_await server.next_query(), code);
}

Task<> hear_of_failure(CaresResolver& resolver, UdpNameServer& server) {
  auto both = co_await gather(failure_of(resolver, "a.test", Kind::server_failure),
                              answer_with(server, 2, UdpNameServer::Code::server_failure));
  EXPECT_THAT(std::get<0>(both),
              HasSubstr("cannot resolve a.test: the DNS server failed (DNS server returned"));
}

TEST_P(CaresBehaviourTest, SaysThatTheServerFailed) {
  run(hear_of_failure(resolver_, server_));
}

Task<> answer_nonsense(UdpNameServer& server, int count) {
  for (int i = 0; i < count; ++i) {
    const auto query = co_await server.next_query();
    std::string bytes = query.bytes;
    bytes[2] = '\x81';        // an answer
    bytes[7] = '\x05';        // with five records,
    bytes += "\xc0\x0c\x01";  // of which one has begun
    server.send(query, bytes);
  }
}

Task<> hear_nonsense(CaresResolver& resolver, UdpNameServer& server) {
  co_await gather(failure_of(resolver, "a.test", Kind::server_failure), answer_nonsense(server, 2));
}

TEST_P(CaresBehaviourTest, SaysThatTheServerAnsweredNonsense) {
  run(hear_nonsense(resolver_, server_));
}

Task<> answer_to_another_question(UdpNameServer& server) {
  for (int i = 0; i < 2; ++i) {
    const auto query = co_await server.next_query();
    auto forged = query;
    forged.bytes[0] ^= 1;  // another number
    server.answer(forged, {192, 0, 2, 66}, 60);
    server.answer(query, {192, 0, 2, 1}, 60);
  }
}

Task<> ignore_forgery(CaresResolver& resolver, UdpNameServer& server) {
  auto both = co_await gather(addresses_of(resolver, "a.test"), answer_to_another_question(server));
  EXPECT_THAT(std::get<0>(both), ElementsAre("192.0.2.1:80"));
}

TEST_P(CaresBehaviourTest, IgnoresAnswersToOtherQuestions) {
  run(ignore_forgery(resolver_, server_));
}

TEST_P(CaresBehaviourTest, TimesOutWhenTheServerNeverAnswers) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(run(failure_of(resolver_, "a.test", Kind::timed_out)),
            "cannot resolve a.test: no DNS server answered in time");
  const auto taken = std::chrono::steady_clock::now() - start;
  EXPECT_GE(taken, 40ms + 40ms);  // both tries were waited for
}

Task<> answer_the_second_try(UdpNameServer& server) {
  co_await server.next_query();
  server.answer(co_await server.next_query(), {192, 0, 2, 1}, 60);
}

Task<> ask_twice(CaresResolver& resolver, UdpNameServer& server) {
  auto both = co_await gather(addresses_of(resolver, "a.test", Family::ipv4),
                              answer_the_second_try(server));
  EXPECT_THAT(std::get<0>(both), ElementsAre("192.0.2.1:80"));
}

TEST_P(CaresBehaviourTest, AsksAgainWhenAnAnswerIsLate) {
  run(ask_twice(resolver_, server_));
}

/// Holds the first two questions back until both are there.
Task<> answer_together(UdpNameServer& server) {
  const auto first = co_await server.next_query();
  const auto second = co_await server.next_query();
  server.answer(second, {192, 0, 2, 2}, 60);
  server.answer(first, {192, 0, 2, 1}, 60);
}

Task<> ask_side_by_side(CaresResolver& resolver, UdpNameServer& server) {
  auto all =
      co_await gather(addresses_of(resolver, "a.test", Family::ipv4),
                      addresses_of(resolver, "b.test", Family::ipv4), answer_together(server));
  EXPECT_THAT(std::get<0>(all), ElementsAre("192.0.2.1:80"));
  EXPECT_THAT(std::get<1>(all), ElementsAre("192.0.2.2:80"));
}

TEST_P(CaresBehaviourTest, AsksSideBySide) {
  CaresResolver patient({.servers = {server_.address()}, .timeout = 5s});
  run(ask_side_by_side(patient, server_));
}

Task<> wait_through_a_forwarder(CaresResolver& resolver, UdpNameServer& upstream) {
  auto both = co_await gather(addresses_of(resolver, "late.slow", Family::ipv4),
                              answer_the_second_try(upstream));
  EXPECT_THAT(std::get<0>(both), ElementsAre("192.0.2.1:80"));
}

TEST_P(CaresBehaviourTest, WaitsForAnAnswerThatAForwarderIsSlowToGet) {
  const test::Dnsmasq forwarder({"server=/slow/127.0.0.1#" + std::to_string(server_.port())});
  CaresResolver resolver({.servers = {forwarder.address()}, .timeout = 50ms, .tries = 6});
  run(wait_through_a_forwarder(resolver, server_));
}

Task<> give_up(CaresResolver& resolver) {
  const auto before = test::open_descriptors();
  EXPECT_THROW(co_await timeout(10ms, addresses_of(resolver, "a.test")), TimeoutError);
  EXPECT_EQ(test::open_descriptors(), before);
}

TEST_P(CaresBehaviourTest, GivesUpAQuestionThatNobodyWaitsForAnyMore) {
  run(give_up(resolver_));
}

Task<> cancel_one_of_two(CaresResolver& resolver) {
  Task<std::vector<std::string>> patient = addresses_of(resolver, "b.test", Family::ipv4);
  auto both = co_await gather(return_exceptions,
                              timeout(10ms, addresses_of(resolver, "a.test", Family::ipv4)),
                              std::move(patient));
  EXPECT_THROW(static_cast<void>(std::get<0>(both).value()), TimeoutError);
  EXPECT_THAT(std::get<1>(both).value(), ElementsAre("192.0.2.1:80"));
}

/// Answers questions for `name` only, and late.
Task<> answer_only(UdpNameServer& server, std::string name) {
  while (true) {
    const auto query = co_await server.next_query();
    if (query.name != name) continue;
    co_await sleep(30ms);
    server.answer(query, {192, 0, 2, 1}, 60);
    co_return;
  }
}

Task<> leave_the_other_alone(CaresResolver& resolver, UdpNameServer& server) {
  co_await gather(cancel_one_of_two(resolver), answer_only(server, "b.test"));
}

TEST_P(CaresBehaviourTest, LeavesOtherQuestionsAloneWhenOneIsCancelled) {
  CaresResolver patient({.servers = {server_.address()}, .timeout = 5s});
  run(leave_the_other_alone(patient, server_));
}

TEST_P(CaresBehaviourTest, SaysThatItsLoopIsClosed) {
  run(failure_of(resolver_, "a.test", Kind::timed_out));
  try {
    run(addresses_of(resolver_, "a.test"));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const LoopClosedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("; the DNS resolver belonged to it"));
  }
}

Task<> expect_closed(CaresResolver& resolver) {
  co_await failure_of(resolver, "a.test", Kind::closed);
}

Task<> leave_a_question_behind(CaresResolver& resolver) {
  get_running_loop().finish_in_background(expect_closed(resolver));
  co_await sleep(5ms);
}

TEST_P(CaresBehaviourTest, EndsItsQuestionsWhenTheLoopExits) {
  const auto before = test::open_descriptors();
  CaresResolver patient({.servers = {server_.address()}, .timeout = 60s});
  run(leave_a_question_behind(patient));
  EXPECT_EQ(test::open_descriptors(), before);
}

Task<> pass_a_turn() {
  co_await sleep(0ms);
}

TEST_P(CaresBehaviourTest, MayBeDestroyedOnAnotherThread) {
  const auto before = test::open_descriptors();
  {
    EventLoop loop(options());
    auto resolver = std::make_unique<CaresResolver>(
        CaresOptions{.servers = {server_.address()}, .timeout = 10ms, .tries = 1});
    loop.run_until_complete(failure_of(*resolver, "a.test", Kind::timed_out));
    std::thread([&] { resolver.reset(); }).join();
    loop.run_until_complete(pass_a_turn());
  }
  EXPECT_EQ(test::open_descriptors(), before);
}

}  // namespace
}  // namespace rondo::dns
