#include "cli/standard_output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>

#include "rondo/base/error.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "cli/descriptor.hpp"
#include "tests/cli/pipe.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {
namespace {

class StandardOutputTest : public ::testing::Test {
 protected:
  StandardOutputTest() { std::signal(SIGPIPE, SIG_IGN); }
};

/// Runs `body` beside the pump.
template <class Body>
Task<> with_pump(StandardOutput& output, Body body) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    group.spawn(output.pump());
    co_await body();
    group.cancel();
  });
}

TEST_F(StandardOutputTest, WritesToAFileWhatItWasGiven) {
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "out";
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  StandardOutput output(file.get());
  rondo::run(with_pump(output, [&]() -> Task<> {
    output.write("a");
    co_await output.drain(0);
    output.write("b");
  }));
  output.finish();
  std::ifstream written(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(written), {}), "ab");
}

TEST_F(StandardOutputTest, LetsTheLoopGoOnWhileTheReaderIsSlow) {
  const Pipe pipe;
  StandardOutput output(pipe.writer());
  const std::string large(300'000, 'x');
  std::size_t read = 0;
  rondo::run(with_pump(output, [&]() -> Task<> {
    output.write(large);
    EXPECT_TRUE(output.is_full());
    co_await sleep(std::chrono::milliseconds(1));  // comes back although the pipe is full
    while (read < large.size() / 2) {
      const std::string part = co_await to_thread([&] { return pipe.read(65536); });
      read += part.size();
      co_await sleep(Clock::duration::zero());
    }
  }));
  while (read < large.size() - 65536) read += pipe.read(65536).size();
  output.finish();
  read += pipe.read(65536).size();
  EXPECT_EQ(read, large.size());
}

TEST_F(StandardOutputTest, EndsAndSaysWhyWhenNobodyReadsAnyMore) {
  Pipe pipe;
  pipe.close_reader();
  StandardOutput output(pipe.writer());
  const auto use = [&]() -> Task<> {
    output.write("x");
    co_await output.pump();
    co_await output.drain(0);
  };
  rondo::run(use());
  EXPECT_THROW(output.finish(), OsError);
}

TEST_F(StandardOutputTest, SaysWhenTheDiskIsFull) {
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  StandardOutput output(full.get());
  output.write("x");
  EXPECT_THROW(output.finish(), OsError);
}

}  // namespace
}  // namespace rondo::cli
