// Ctrl-C, and the signals that end programs in other ways.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iterator>
#include <string>

#include "cli/descriptor.hpp"
#include "tests/cli/command.hpp"
#include "tests/cli/scripted_server.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

/// Sends half of a body and waits; `/done` is answered.
void stall(ServerConnection& connection) {
  const std::string path = path_of(connection.read_request());
  if (path == "/done") {
    connection.send(ok("done"));
  } else if (path != "/silent") {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  }
  connection.wait_for_end();
}

class FetchInterruptTest : public ::testing::Test {
 protected:
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(out_), fs::directory_iterator()));
  }

  ScriptedServer server_{stall};
  test::TemporaryDirectory directory_;
  fs::path out_ = directory_.path() / "out";
};

class FetchSignalTest : public FetchInterruptTest, public ::testing::WithParamInterface<int> {};

TEST_P(FetchSignalTest, EndsCleanlyWithASummary) {
  RunningCommand command({"fetch", "--jsonl", "-o", out_.string(), server_.url("/done"),
                          server_.url("/half"), server_.url("/silent")});
  command.process().wait_until(
      [&] { return !command.out().empty() && server_.connections() == 3 && files() == 2; });
  command.process().signal(GetParam());
  EXPECT_EQ(command.wait(), 128 + GetParam());
  EXPECT_EQ(files(), 1U);
  EXPECT_TRUE(fs::exists(out_ / "done"));
  EXPECT_NE(command.err().find("interrupted; 3 URLs: 1 ok, 2 failed (cancelled 2)"),
            std::string::npos)
      << command.err();
  const Outcome outcome{0, command.out(), command.err()};
  std::size_t cancelled = 0;
  for (const Json& line : outcome.lines()) {
    if (line["error"].is_null()) continue;
    EXPECT_EQ(line["error"]["kind"], "cancelled");
    EXPECT_TRUE(line["saved_to"].is_null());
    ++cancelled;
  }
  EXPECT_EQ(cancelled, 2U);
}

INSTANTIATE_TEST_SUITE_P(Signals, FetchSignalTest, ::testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST_F(FetchInterruptTest, EndsWhileItWaitsForItsInput) {
  const test::TemporaryDirectory directory;
  const auto fifo = directory.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  RunningCommand command({"fetch", "--jsonl", "-i", "-"}, {.input_path = fifo});
  const Descriptor writer(::open(fifo.c_str(), O_WRONLY | O_CLOEXEC));
  const std::string url = server_.url("/done") + "\n";
  ASSERT_EQ(::write(writer.get(), url.data(), url.size()), static_cast<ssize_t>(url.size()));
  command.process().wait_until([&] { return !command.out().empty(); });
  command.process().signal(SIGINT);
  EXPECT_EQ(command.wait(), 130);
}

TEST_F(FetchInterruptTest, WritesTheCookieJarAllTheSame) {
  const ScriptedServer server([](ServerConnection& connection) {
    static_cast<void>(connection.read_request());
    connection.send("HTTP/1.1 200 OK\r\nSet-Cookie: k=v\r\nContent-Length: 10\r\n\r\nhalf");
    connection.wait_for_end();
  });
  const fs::path jar = directory_.path() / "jar";
  RunningCommand command({"fetch", "--cookie-jar", jar.string(), server.url()});
  command.process().wait_until([&] { return !command.out().empty(); });
  command.process().signal(SIGINT);
  EXPECT_EQ(command.wait(), 130);
  EXPECT_NE(content_of(jar).find("\tk\tv"), std::string::npos);
}

}  // namespace
}  // namespace rondo::cli
