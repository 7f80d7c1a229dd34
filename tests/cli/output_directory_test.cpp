#include "cli/output_directory.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "rondo/base/error.hpp"

#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class OutputDirectoryTest : public ::testing::Test {
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
  for (const char* name : {"../x", "/tmp/x", "a/../../x", ".", "a//b", "a/"}) {
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

TEST_F(OutputDirectoryTest, GivesAFileItsNameWhenThatIsKnown) {
  OutputFile file = directory_.create("");
  file.write("1");
  EXPECT_THROW(directory_.rename(file, "../x"), Error);
  directory_.rename(file, "x/y");
  EXPECT_EQ(file.path(), (root_ / "x" / "y").string());
  file.commit();
  EXPECT_EQ(content_of(root_ / "x" / "y"), "1");
  EXPECT_EQ(files(), 2U);
}

TEST_F(OutputDirectoryTest, GoesOnWithHalfAFileThatHasGotItsNameSince) {
  directory_.set_tag("tag");
  {
    OutputFile file = directory_.create("", 7);
    file.write("ha");
    file.keep();
  }
  EXPECT_FALSE(directory_.reopen("x/y", 8));
  auto file = directory_.reopen("x/y", 7);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 2U);
  file->write("lf");
  file->commit();
  EXPECT_EQ(content_of(root_ / "x" / "y"), "half");
  EXPECT_EQ(files(), 2U);
}

TEST_F(OutputDirectoryTest, MakesADirectoryAgainThatWasRemovedMeanwhile) {
  for (int i = 0; i < 2; ++i) {
    OutputFile file = directory_.create("x/y/z");
    file.write("1");
    file.commit();
    EXPECT_EQ(content_of(root_ / "x" / "y" / "z"), "1");
    fs::remove_all(root_ / "x");
  }
}

TEST_F(OutputDirectoryTest, KnowsWhatIsThere) {
  EXPECT_FALSE(directory_.find("a"));
  EXPECT_FALSE(directory_.find("x/a"));
  EXPECT_FALSE(fs::exists(root_ / "x"));
  std::ofstream(root_ / "a") << "old";
  fs::create_symlink("/etc/passwd", root_ / "link");
  const auto found = directory_.find("a");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->is_regular);
  EXPECT_EQ(found->size, 3U);
  EXPECT_FALSE(directory_.find("link")->is_regular);
  EXPECT_FALSE(directory_.look_into("link"));
  std::string content;
  directory_.look_into("a")->read_back([&](std::string_view piece) { content += piece; });
  EXPECT_EQ(content, "old");
  EXPECT_TRUE(fs::exists(root_ / "a"));
}

TEST_F(OutputDirectoryTest, AssemblesAFileFromPieces) {
  OutputFile file = directory_.create("a");
  file.reserve(6);
  file.write_at(3, "def");
  file.write_at(0, "abc");
  file.set_modified(std::chrono::sys_seconds(std::chrono::seconds(1'000'000'000)));
  file.commit();
  EXPECT_EQ(content_of(root_ / "a"), "abcdef");
  EXPECT_EQ(directory_.find("a")->modified.time_since_epoch().count(), 1'000'000'000);
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
