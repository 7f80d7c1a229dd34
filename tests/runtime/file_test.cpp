#include "rondo/runtime/file.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <latch>
#include <optional>
#include <stdexcept>
#include <thread>

#include "rondo/base/error.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "on_each_backend.hpp"
#include "own_resources.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

/// A directory of the test's own.
class FileTest : public OnEachBackend {
 protected:
  FileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "rondo-file-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
    directory_ = name;
  }
  ~FileTest() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string path(const char* name) const { return (directory_ / name).string(); }

  void run(Task<> main) { rondo::run(std::move(main), real_time_options()); }

  std::filesystem::path directory_;
};
RONDO_ON_EACH_BACKEND(FileTest);

template <class T>
Task<int> code_of(Task<T> task) {
  try {
    static_cast<void>(co_await std::move(task));
  } catch (const OsError& error) {
    co_return error.code();
  }
  co_return 0;
}

Task<int> code_of_void(Task<> task) {
  try {
    co_await std::move(task);
  } catch (const OsError& error) {
    co_return error.code();
  }
  co_return 0;
}

Task<std::string> read_piece(File& file, std::size_t size) {
  std::string piece(size, '\0');
  const std::size_t count = co_await file.read_some(piece);
  piece.resize(count);
  co_return piece;
}

TEST_P(FileTest, WhatIsWrittenCanBeRead) {
  auto amain = [&]() -> Task<> {
    File file = co_await File::open(path("a"), FileMode::write);
    co_await file.write("one ");
    co_await file.write("two");
    EXPECT_EQ(file.position(), 7U);
    EXPECT_EQ(co_await file.size(), 7U);
    co_await file.sync();
    co_await file.close();
    EXPECT_FALSE(file.is_open());
    co_await file.close();
    EXPECT_EQ(co_await read_file(path("a")), "one two");
  };
  run(amain());
}

TEST_P(FileTest, ReadsOnFromItsPosition) {
  auto amain = [&]() -> Task<> {
    co_await write_file(path("a"), "abcdefgh");
    File file = co_await File::open(path("a"));
    EXPECT_EQ(co_await read_piece(file, 3), "abc");
    EXPECT_EQ(co_await read_piece(file, 3), "def");
    EXPECT_EQ(co_await read_piece(file, 3), "gh");
    EXPECT_EQ(co_await read_piece(file, 3), "");
    file.seek(4);
    EXPECT_EQ(co_await file.read_rest(), "efgh");
  };
  run(amain());
}

TEST_P(FileTest, ReadsAndWritesAtOffsetsSideBySide) {
  auto amain = [&]() -> Task<> {
    co_await write_file(path("a"), std::string(30'000, '.'));
    File file = co_await File::open(path("a"), FileMode::update);
    co_await gather(file.write_at(10'000, "x"), file.write_at(0, "y"), file.write_at(29'999, "z"));
    std::string first(1, '\0');
    std::string middle(1, '\0');
    const auto [a, b] = co_await gather(file.read_at(0, first), file.read_at(10'000, middle));
    EXPECT_EQ(a + b, 2U);
    EXPECT_EQ(first + middle, "yx");
    EXPECT_EQ(file.position(), 0U);
    EXPECT_EQ(co_await file.size(), 30'000U);
  };
  run(amain());
}

TEST_P(FileTest, EachModeDoesWhatPythonsDoes) {
  auto amain = [&]() -> Task<> {
    EXPECT_EQ(co_await code_of(File::open(path("a"))), ENOENT);
    EXPECT_EQ(co_await code_of(File::open(path("a"), FileMode::update)), ENOENT);
    {
      File file = co_await File::open(path("a"), FileMode::create);
      co_await file.write("first");
    }
    EXPECT_EQ(co_await code_of(File::open(path("a"), FileMode::create)), EEXIST);
    {
      File file = co_await File::open(path("a"), FileMode::append);
      co_await file.write(", second");
      co_await file.write(", third");
    }
    EXPECT_EQ(co_await read_file(path("a")), "first, second, third");
    File file = co_await File::open(path("a"), FileMode::write);
    EXPECT_EQ(co_await file.size(), 0U);
  };
  run(amain());
}

TEST_P(FileTest, AFileThatIsMadeHasThePermissionsAskedFor) {
  auto amain = [&]() -> Task<> {
    File file = co_await File::open(path("secret"), FileMode::create, 0600);
    struct stat status{};
    EXPECT_EQ(::stat(file.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
  };
  run(amain());
}

TEST_P(FileTest, ErrorsNameThePath) {
  auto amain = [&]() -> Task<> {
    try {
      static_cast<void>(co_await read_file(path("none")));
      ADD_FAILURE() << "no exception";
    } catch (const OsError& error) {
      EXPECT_EQ(error.what(), "cannot open " + path("none") + ": No such file or directory");
    }
    File file = co_await File::open(path("a"), FileMode::write);
    EXPECT_EQ(co_await code_of(read_piece(file, 1)), EBADF) << "it is open for writing only";
    co_await file.close();
    EXPECT_EQ(co_await code_of_void(file.write("x")), EBADF);
    EXPECT_EQ(co_await code_of(file.size()), EBADF);
    EXPECT_EQ(co_await code_of(read_file(directory_.string())), EISDIR);
  };
  run(amain());
}

TEST_P(FileTest, AFullDeviceIsAnError) {
  auto amain = []() -> Task<> {
    File full = co_await File::open("/dev/full", FileMode::update);
    EXPECT_EQ(co_await code_of_void(full.write("x")), ENOSPC);
  };
  run(amain());
}

TEST_P(FileTest, RenamesAndRemoves) {
  auto amain = [&]() -> Task<> {
    co_await write_file(path("a"), "new");
    co_await write_file(path("b"), "old");
    co_await rename_file(path("a"), path("b"));
    EXPECT_EQ(co_await read_file(path("b")), "new");
    EXPECT_EQ(co_await code_of_void(rename_file(path("a"), path("b"))), ENOENT);
    co_await remove_file(path("b"));
    EXPECT_EQ(co_await code_of_void(remove_file(path("b"))), ENOENT);
  };
  run(amain());
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_P(FileTest, LargeFilesAndThoseWithoutASizeAreReadWhole) {
  std::string large(3'000'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 / 5);
  auto amain = [&]() -> Task<> {
    co_await write_file(path("large"), large);
    const std::string text = co_await read_file(path("large"));
    EXPECT_TRUE(text == large);
    const std::string status = co_await read_file("/proc/self/status");
    EXPECT_THAT(status, ::testing::HasSubstr("Name:"));
  };
  run(amain());
}

TEST_P(FileTest, WhatCannotSeekIsReadAsItComes) {
  const std::string name = path("pipe");
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  std::thread writer([&] {
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::write(descriptor, "through the pipe", 16), 16);
    ::close(descriptor);
  });
  auto amain = [&]() -> Task<> { EXPECT_EQ(co_await read_file(name), "through the pipe"); };
  run(amain());
  writer.join();
}

TEST_P(FileTest, IsWaitedForByAVirtualClock) {
  const std::string name = path("pipe");
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  std::latch is_read(1);
  std::thread writer([&] {
    is_read.wait();
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::write(descriptor, "in no time", 10), 10);
    ::close(descriptor);
  });
  auto let_write = [&]() -> Task<> {
    for (int turn = 0; turn < 10; ++turn) co_await sleep(0s);
    is_read.count_down();
  };
  auto amain = [&]() -> Task<> {
    const auto [text, none] = co_await gather(timeout(1h, read_file(name)), let_write());
    EXPECT_EQ(text, "in no time");
  };
  rondo::run(amain(), options());
  writer.join();
  EXPECT_EQ(time_.elapsed(), 0s);
}

TEST_P(FileTest, ManyAtATime) {
  auto one = [&](int number) -> Task<> {
    const std::string name = path(std::to_string(number).c_str());
    const std::string text(static_cast<std::size_t>(100 * number), 'x');
    co_await write_file(name, text);
    const std::string read = co_await read_file(name);
    EXPECT_EQ(read, text);
    co_await remove_file(name);
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 100; ++i) group.spawn(one, i);
      co_return;
    });
  };
  run(amain());
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_P(FileTest, NothingIsLeftOpen) {
  const std::size_t before = open_descriptors();
  std::optional<File> outlives;
  auto amain = [&]() -> Task<> {
    co_await write_file(path("a"), "x");
    File first = co_await File::open(path("a"));
    File second = std::move(first);
    EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): what a move leaves behind
    first = co_await File::open(path("a"));
    outlives.emplace(std::move(second));
  };
  run(amain());
  EXPECT_EQ(open_descriptors(), before + 1);
  auto under_another_loop = [&]() -> Task<> { EXPECT_EQ(co_await outlives->read_rest(), "x"); };
  run(under_another_loop());
  outlives.reset();
  EXPECT_EQ(open_descriptors(), before);
}

TEST_P(FileTest, InACancelledScopeItIsDoneWholeOrNotAtAll) {
  const std::size_t before = open_descriptors();
  auto amain = [&]() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      File file = co_await File::open(path("a"), FileMode::write);
      CancelScope scope;
      scope.cancel();
      try {
        co_await file.write("x");
      } catch (const Cancelled&) {
      }
      EXPECT_EQ(file.position(), co_await shield(file.size()));
      try {
        co_await file.close();
      } catch (const Cancelled&) {
      }
      EXPECT_FALSE(file.is_open());
      try {
        static_cast<void>(co_await File::open(path("b"), FileMode::write));
      } catch (const Cancelled&) {
      }
    }
  };
  run(amain());
  EXPECT_EQ(open_descriptors(), before);
}

TEST_P(FileTest, ACancelledReadOfAPipeGivesItsMemoryBackFirst) {
  const std::string name = path("pipe");
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  auto amain = [&]() -> Task<> {
    // Open at both ends, so that nobody waits for the other: what waits is the read.
    File pipe = co_await File::open(name, FileMode::update);
    auto unblock = [&]() -> Task<> {
      co_await sleep(20ms);
      // Where a thread reads, only this ends it.
      const int descriptor = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
      EXPECT_EQ(::write(descriptor, "late", 4), 4);
      ::close(descriptor);
    };
    auto read = [&]() -> Task<std::string> {
      try {
        co_return co_await timeout(1ms, read_piece(pipe, 10));
      } catch (const TimeoutError&) {
      }
      co_return "cancelled";
    };
    const auto [text, none] = co_await gather(read(), unblock());
    EXPECT_THAT(text, ::testing::AnyOf("late", "cancelled"));
  };
  run(amain());
}

}  // namespace
}  // namespace rondo
