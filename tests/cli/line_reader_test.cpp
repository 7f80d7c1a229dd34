#include "cli/line_reader.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "rondo/runtime/run.hpp"
#include "rondo/runtime/task_group.hpp"

#include "cli/descriptor.hpp"
#include "tests/cli/pipe.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {
namespace {

Task<std::vector<std::string>> all_lines(int descriptor) {
  LineReader reader(descriptor);
  std::vector<std::string> lines;
  while (true) {
    const auto line = co_await reader.next();
    if (!line) co_return lines;
    lines.emplace_back(*line);
  }
}

std::vector<std::string> lines_of_file(const std::string& content) {
  const test::TemporaryDirectory directory;
  const Descriptor file(::open(directory.write("list", content).c_str(), O_RDONLY | O_CLOEXEC));
  return rondo::run(all_lines(file.get()));
}

std::vector<std::string> lines_of_pipe(const std::string& content) {
  Pipe pipe;
  std::thread writer([&] {
    pipe.write(content);
    pipe.close_writer();
  });
  auto lines = rondo::run(all_lines(pipe.reader()));
  writer.join();
  return lines;
}

TEST(LineReader, ReadsFilesAndPipesAlike) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases = {
      {"", {}},
      {"a", {"a"}},
      {"a\n", {"a"}},
      {"a\n\nb\r\nc", {"a", "", "b\r", "c"}},
      {"\xef\xbb\xbfhttp://a\n\xef\xbb\xbfx\n", {"http://a", "\xef\xbb\xbfx"}},
      {std::string("a\0b\n", 4), {std::string("a\0b", 3)}}};
  for (const auto& [content, lines] : cases) {
    EXPECT_EQ(lines_of_file(content), lines);
    EXPECT_EQ(lines_of_pipe(content), lines);
  }
}

TEST(LineReader, PutsLinesTogetherAcrossBlocks) {
  std::string content;
  std::vector<std::string> lines;
  for (std::size_t size : {10U, 70'000U, 65'535U, 65'536U, 3U, 200'000U}) {
    lines.emplace_back(size, 'x');
    content += lines.back() + "\n";
  }
  EXPECT_EQ(lines_of_file(content), lines);
  EXPECT_EQ(lines_of_pipe(content), lines);
}

TEST(LineReader, GivesALineAsSoonAsItHasArrived) {
  Pipe pipe;
  pipe.write("first\nsec");
  const auto talk = [&]() -> Task<> {
    LineReader reader(pipe.reader());
    EXPECT_EQ(co_await reader.next(), "first");
    pipe.write("ond\n");
    EXPECT_EQ(co_await reader.next(), "second");
    pipe.close_writer();
    EXPECT_EQ(co_await reader.next(), std::nullopt);
  };
  rondo::run(talk());
}

TEST(LineReader, CanBeCancelledWhileItWaits) {
  const Pipe pipe;
  const auto talk = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      const auto reading = group.spawn(all_lines(pipe.reader()));
      group.cancel();
      co_await reading.wait();
    });
  };
  rondo::run(talk());
}

}  // namespace
}  // namespace rondo::cli
