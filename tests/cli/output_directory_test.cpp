#include "cli/output_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "rondo/base/error.hpp"

#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class OutputDirectoryTest : public testing::Test {
 protected:
  std::size_t files() const {
    const auto all = fs::recursive_directory_iterator(root_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  test::TemporaryDirectory temporary_;
  fs::path root_ = temporary_.path() / "out" / "deep";
  OutputDirectory directory_{root_.string()};
};

TEST_F(OutputDirectoryTest, ShowsAFileOnlyWhenItIsWhole) {
  OutputFile file = directory_.create("a.txt");
  file.write("hello ");
  file.write("world");
  EXPECT_FALSE(fs::exists(root_ / "a.txt"));
  file.commit();
  EXPECT_EQ(content_of(root_ / "a.txt"), "hello world");
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(directory_.path_of("a.txt"), (root_ / "a.txt").string());
}

TEST_F(OutputDirectoryTest, LeavesNothingOfAFileThatIsGivenUp) {
  {
    OutputFile file = directory_.create("a.txt");
    file.write("half");
    EXPECT_EQ(files(), 1U);
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(OutputDirectoryTest, KeepsTheOldFileUntilTheNewOneIsWhole) {
  std::ofstream(root_ / "a.txt") << "old";
  {
    OutputFile file = directory_.create("a.txt");
    file.write("new");
  }
  EXPECT_EQ(content_of(root_ / "a.txt"), "old");
  OutputFile file = directory_.create("a.txt");
  file.commit();
  EXPECT_EQ(content_of(root_ / "a.txt"), "");
}

TEST_F(OutputDirectoryTest, MakesDirectoriesOnTheWay) {
  OutputFile file = directory_.create("x/y/z");
  file.write("1");
  file.commit();
  EXPECT_EQ(content_of(root_ / "x" / "y" / "z"), "1");
}

TEST_F(OutputDirectoryTest, RefusesNamesThatLeadOutside) {
  for (const char* name : {"../x", "/tmp/x", "a/../../x", ".", ""}) {
    EXPECT_THROW(static_cast<void>(directory_.create(name)), Error) << name;
  }
}

TEST_F(OutputDirectoryTest, FollowsNoSymbolicLinkToADirectory) {
  const fs::path outside = temporary_.path() / "outside";
  fs::create_directory(outside);
  fs::create_directory_symlink(outside, root_ / "link");
  EXPECT_THROW(static_cast<void>(directory_.create("link/x")), OsError);
  EXPECT_TRUE(fs::is_empty(outside));
}

TEST_F(OutputDirectoryTest, ReplacesASymbolicLinkInsteadOfWritingThroughIt) {
  const fs::path outside = temporary_.write("victim", "untouched");
  fs::create_symlink(outside, root_ / "a.txt");
  OutputFile file = directory_.create("a.txt");
  file.write("mine");
  file.commit();
  EXPECT_EQ(content_of(outside), "untouched");
  EXPECT_FALSE(fs::is_symlink(root_ / "a.txt"));
  EXPECT_EQ(content_of(root_ / "a.txt"), "mine");
}

TEST_F(OutputDirectoryTest, StaysInTheDirectoryThatItOpened) {
  fs::rename(root_, temporary_.path() / "moved");
  OutputFile file = directory_.create("a.txt");
  file.write("1");
  file.commit();
  EXPECT_EQ(content_of(temporary_.path() / "moved" / "a.txt"), "1");
}

TEST_F(OutputDirectoryTest, SaysWhyAFileCannotHaveItsName) {
  fs::create_directories(root_ / "a" / "b");
  OutputFile file = directory_.create("a");
  EXPECT_THROW(file.commit(), OsError);
}

TEST(OutputDirectory, RefusesAPathThatIsAFile) {
  const test::TemporaryDirectory temporary;
  const auto file = temporary.write("file", "");
  EXPECT_THROW(OutputDirectory{file.string()}, OsError);
  EXPECT_THROW(OutputDirectory{(file / "below").string()}, OsError);
}

}  // namespace
}  // namespace rondo::cli
