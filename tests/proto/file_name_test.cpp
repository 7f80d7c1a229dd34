#include "rondo/proto/file_name.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

std::string safe(std::string_view text) {
  return safe_file_name(text).value_or("none");
}

TEST(SafeFileName, LeavesWhatIsFitAsItIs) {
  for (const char* name : {"a", "a.txt", "A-b_c+d=e@f,g(h).tar.gz", "an example.html",
                           "\xe2\x82\xac rates", "100%", "a.b", "console", "com", "common.txt"}) {
    EXPECT_EQ(safe(name), name);
  }
}

TEST(SafeFileName, IsOneNameOfOneFile) {
  EXPECT_EQ(safe("../etc/passwd"), "_._etc_passwd");
  EXPECT_EQ(safe("a\\b/c"), "a_b_c");
  EXPECT_EQ(safe(std::string_view("a\0b", 3)), "a_b");
  EXPECT_EQ(safe(".bashrc"), "_bashrc");
  for (const char* nothing : {"", ".", "..", "...", " ", " . . "}) {
    EXPECT_EQ(safe(nothing), "none");
  }
}

TEST(SafeFileName, IsNoDeviceOfWindows) {
  EXPECT_EQ(safe("con"), "_con");
  EXPECT_EQ(safe("NUL.txt"), "_NUL.txt");
  EXPECT_EQ(safe("Com1"), "_Com1");
  EXPECT_EQ(safe("lpt9.tar.gz"), "_lpt9.tar.gz");
  EXPECT_EQ(safe("COM\xc2\xb2"), "_COM\xc2\xb2");
  EXPECT_EQ(safe("aux .c"), "_aux .c");
  EXPECT_EQ(safe("conin$"), "_conin$");
  EXPECT_EQ(safe("com12"), "com12");
}

TEST(SafeFileName, SteersNoTerminal) {
  EXPECT_EQ(safe("\x1b[31m\n\x7f"), "_[31m__");
  EXPECT_EQ(safe("a\xff\xc2\x9b\xe2\x80\xae\xe2\x80\xa8\xe2\x81\xa6z"), "a_____z");
  for (int first = 0; first < 256; ++first) {
    const std::string name = safe(std::string(1, static_cast<char>(first)) + "x");
    EXPECT_TRUE(is_valid_utf8(name));
    EXPECT_EQ(name.find_first_of(std::string("/\\\0\n\r\x1b", 6)), std::string::npos);
  }
}

TEST(SafeFileName, IsShortEnoughToBeNumbered) {
  const std::string many(300, 'a');
  EXPECT_EQ(safe(many), many.substr(0, 200));
  EXPECT_EQ(safe(many + ".tar.gz"), many.substr(0, 197) + ".gz");
  EXPECT_EQ(safe(many.substr(0, 199) + "\xe2\x82\xac"), many.substr(0, 199));
}

}  // namespace
}  // namespace rondo::proto
