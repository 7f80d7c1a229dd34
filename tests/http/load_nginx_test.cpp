// Many requests, and requests that are cancelled anywhere: what is left afterwards.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "tests/http/nginx_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/descriptors.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::http {
namespace {

class LoadNginxTest : public NginxTest {};
RONDO_ON_EACH_BACKEND(LoadNginxTest);

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kRequests = 10'000;
constexpr int kInFlight = 64;

std::ptrdiff_t threads() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                       std::filesystem::directory_iterator());
}

struct Work {
  const ClientSession& session;
  const std::string& url;
  int begun = 0;
  int done = 0;
};

Task<> work_off(Work& work) {
  while (work.begun < kRequests) {
    ++work.begun;
    auto response = co_await work.session.get(work.url);
    const std::string body = co_await response.read();
    if (response.status() == 200 && body == "small") ++work.done;
  }
}

Task<int> request_many(SessionOptions options, std::string url) {
  const ClientSession session(std::move(options));
  Work work{session, url};
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    for (int i = 0; i < kInFlight; ++i) group.spawn(work_off, std::ref(work));
    co_return;
  });
  EXPECT_EQ(session.active_connections(), 0u);
  EXPECT_EQ(session.idle_connections(), static_cast<std::size_t>(kInFlight));
  co_return work.done;
}

TEST_P(LoadNginxTest, LeavesNothingBehindAfterTenThousandRequests) {
  static_cast<void>(nginx());
  const auto descriptors = test::open_descriptors();
  const auto before = threads();
  EXPECT_EQ(run(request_many({}, plain("/small"))), kRequests);
  EXPECT_EQ(test::open_descriptors(), descriptors);
  EXPECT_EQ(threads(), before);
}

/// Where the 200 requests of a cancellation test go, in turn.
struct Target {
  std::string url;
  std::string body;
};

struct Ends {
  int whole = 0;
  int damaged = 0;
};

Task<> get_whole(const ClientSession& session, const Target& target, Ends& ends) {
  auto response = co_await session.get(target.url);
  const std::string body = co_await response.read();
  ++(body == target.body ? ends.whole : ends.damaged);
}

/// Cancels `handles` one by one, in any order: the first before it has begun, about ten in each
/// turn of the loop, so that all is over within the few turns that a request takes.
Task<int> cancel_some(std::vector<TaskHandle<void>> handles, std::minstd_rand& random) {
  std::shuffle(handles.begin(), handles.end(), random);
  int cancelled = 0;
  for (auto& handle : handles) {
    cancelled += handle.done() ? 0 : 1;
    handle.cancel();
    const bool lets_others_go_on = random() % 10 == 0;
    if (lets_others_go_on) co_await sleep({});
  }
  co_return cancelled;
}

Task<> cancel_anywhere(SessionOptions options, std::vector<Target> targets, unsigned seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::minstd_rand random(seed);
  options.connector.limit = 20 + random() % 100;
  const ClientSession session(std::move(options));
  Ends ends;
  int cancelled = 0;
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    std::vector<TaskHandle<void>> handles;
    for (std::size_t i = 0; i < 200; ++i) {
      const Target& target = targets[i % targets.size()];
      handles.push_back(
          group.spawn(get_whole, std::cref(session), std::cref(target), std::ref(ends)));
    }
    // Some are never cancelled: they must not notice the others.
    handles.erase(handles.begin() + 150, handles.end());
    cancelled = co_await cancel_some(std::move(handles), random);
  });
  EXPECT_GT(cancelled, 0);
  EXPECT_EQ(ends.damaged, 0);
  EXPECT_GE(ends.whole, 50);
  EXPECT_EQ(session.active_connections(), 0u);
  for (const Target& target : targets) {
    EXPECT_TRUE(co_await text_of(session, target.url) == target.body) << target.url;
  }
}

TEST_P(LoadNginxTest, SurvivesCancellationAtAnyPoint) {
  const std::vector<Target> targets{
      {plain("/small"), "small"},
      {url(Site::tls_1_3, "/files/65536.txt"), Nginx::file(65536)},
      {plain("/gzip/65536.txt"), Nginx::file(65536)},
      {nginx().url(Site::plain, "/redirect", "localhost"), Nginx::file(1000)},
      {url(Site::tls_1_2, "/chunked/65536.txt"), Nginx::file(65536)},
      {url(Site::no_keep_alive, "/files/1000.txt"), Nginx::file(1000)},
  };
  const auto descriptors = test::open_descriptors();
  for (unsigned seed = 1; seed <= 5; ++seed) run(cancel_anywhere(trusting(), targets, seed));
  EXPECT_EQ(test::open_descriptors(), descriptors);
}

#ifdef RONDO_COMMAND
TEST(CommandNginxTest, FetchesTenThousandUrls) {
  const Nginx nginx;
  const test::TemporaryDirectory directory;
  std::string list;
  for (int i = 0; i < kRequests; ++i) {
    list += nginx.url(Site::plain, "/small?" + std::to_string(i)) + "\n";
  }
  const auto file = directory.write("list", list);
  test::ChildProcess command(
      {RONDO_COMMAND, "fetch", "-i", file.string(), "-c", std::to_string(kInFlight), "--per-host",
       std::to_string(kInFlight), "--jsonl", "--quiet"},
      directory.path() / "output");
  ASSERT_TRUE(command.wait_for_end(std::chrono::seconds(50)));
  EXPECT_EQ(command.exit_code(), 0);
  std::set<std::string> fetched;
  std::stringstream lines(command.output());
  for (std::string line; std::getline(lines, line);) {
    const auto result = nlohmann::json::parse(line);
    ASSERT_EQ(result["error"], nullptr) << line;
    ASSERT_EQ(result["status"], 200) << line;
    ASSERT_EQ(result["body_bytes"], 5) << line;
    fetched.insert(result["url"]);
  }
  EXPECT_EQ(fetched.size(), static_cast<std::size_t>(kRequests));
}

/// What `rondo fetch` with `verbosity` says of a TLS connection to `nginx`.
std::string told_of_tls(const Nginx& nginx, const std::string& verbosity) {
  const test::TemporaryDirectory directory;
  test::ChildProcess command({RONDO_COMMAND, "fetch", verbosity, "--cacert", nginx.ca_file(),
                              nginx.url(Site::tls_1_3, "/small")},
                             directory.path() / "output");
  EXPECT_TRUE(command.wait_for_end(std::chrono::seconds(20)));
  return command.output();
}

TEST(CommandNginxTest, TellsOfTls) {
  const Nginx nginx;
  const std::string short_trace = told_of_tls(nginx, "-v");
  EXPECT_THAT(short_trace, HasSubstr("[1] * TLSv1.3, TLS_"));
  EXPECT_THAT(short_trace, Not(HasSubstr("certificate: ")));
  const std::string long_trace = told_of_tls(nginx, "-vv");
  EXPECT_THAT(long_trace, HasSubstr("[1] * certificate: CN="));
  EXPECT_THAT(long_trace, HasSubstr("[1] * its names: localhost, 127.0.0.1"));
}
#endif

}  // namespace
}  // namespace rondo::http
