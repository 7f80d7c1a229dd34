#include "cli/name_template.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "rondo/proto/digest.hpp"

#include "cli/file_name.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr const char* kUrl = "http://a.test:8080/x/y%20z/f.tar.gz?q=1/2#h";

std::string name(std::string_view text, const NameFacts& facts, bool from_header = false) {
  return NameTemplate(text, from_header).name_of(facts);
}
std::string name(std::string_view text, std::string_view url = kUrl) {
  return name(text, {.url = url, .index = 7});
}

TEST(NameTemplate, HasAFieldForEachPartOfTheUrl) {
  EXPECT_EQ(name("{scheme}-{host}-{port}"), "http-a.test-8080");
  EXPECT_EQ(name("{path}"), "x/y z/f.tar.gz");
  EXPECT_EQ(name("{dir}/{file}"), "x/y z/f.tar.gz");
  EXPECT_EQ(name("{stem}|{ext}"), "f.tar_gz");
  EXPECT_EQ(name("{query}"), "q=1_2");
  EXPECT_EQ(name("{port}", "https://a.test/"), "443");
  EXPECT_EQ(name("{host}", "http://[::1]/"), "[__1]");
  EXPECT_EQ(name("{hash}"), proto::sha256_hex(kUrl).substr(0, 16));
}

TEST(NameTemplate, HasFieldsOfTheInputAndTheAnswer) {
  EXPECT_EQ(name("{index}.bin"), "7.bin");
  EXPECT_EQ(name("{index:4}.bin"), "0007.bin");
  const NameFacts facts{.url = kUrl, .index = 7, .status = 404, .sha256 = "abc"};
  EXPECT_EQ(name("{status}/{sha256}", facts), "404/abc");
}

TEST(NameTemplate, TellsWhetherItNeedsTheAnswer) {
  EXPECT_FALSE(NameTemplate("{host}/{path}/{hash}", true).needs_answer());
  EXPECT_FALSE(NameTemplate("{file}", false).needs_answer());
  for (const char* text : {"{file}", "{stem}", "x.{ext}", "{status}", "{sha256}"}) {
    EXPECT_TRUE(NameTemplate(text, true).needs_answer()) << text;
  }
}

TEST(NameTemplate, TakesTheNameOfTheHeaderWhenAsked) {
  const NameFacts facts{.url = kUrl, .disposition = "attachment; filename=\"../r e.pdf\""};
  EXPECT_EQ(name("{file}", facts, true), "r e.pdf");
  EXPECT_EQ(name("{host}/{stem}.{ext}", facts, true), "a.test/r e.pdf");
  EXPECT_EQ(name("{file}", facts, false), "f.tar.gz");
  for (const char* none : {"", "attachment", "attachment; filename=\"..\"", ";;"}) {
    EXPECT_EQ(name("{file}", {.url = kUrl, .disposition = none}, true), "f.tar.gz") << none;
  }
}

TEST(NameTemplate, KeepsBracesThatAreDoubled) {
  EXPECT_EQ(name("{{{index}}}"), "{7}");
  EXPECT_EQ(name("a{{b}}"), "a{b}");
}

TEST(NameTemplate, NamesTheFileOfAnEmptyPath) {
  EXPECT_EQ(name("{path}", "http://a.test"), "index.html");
  EXPECT_EQ(name("{path}", "http://a.test/x/"), "x/index.html");
  EXPECT_EQ(name("{dir}/{query}", "http://a.test/"), "index.html");
  EXPECT_EQ(name("{path}", "nonsense"), "index.html");
}

TEST(NameTemplate, StaysInsideWhateverTheUrl) {
  for (const char* url :
       {"http://a.test/%2e%2e/%2e%2e%2f%2e%2e/x", "http://a.test/..%5c..%5cx",
        "http://a.test//etc//x", "http://a.test/%00/%0a", "http://a.test/con/nul.txt?../../x",
        "http://a.test/.ssh/.x", "http://user:p%2fw@a.test/%2fetc%2fpasswd", "http://a.test/~/ / ",
        "file:///etc/passwd", "http://a.test/?%2e%2e%2f", "\\\\server\\share", ""}) {
    for (const char* text : {"{path}", "{host}/{dir}/{file}", "{dir}{query}/{stem}.{ext}",
                             "{query}", "{ext}{ext}/{ext}", "x{scheme}{port}"}) {
      const std::string made = name(text, url);
      ASSERT_TRUE(is_inner_path(made)) << url << " " << text << " " << made;
      std::istringstream parts(made);
      for (std::string part; std::getline(parts, part, '/');) {
        EXPECT_FALSE(part.starts_with('.')) << made;
        EXPECT_LE(part.size(), 201U);
      }
    }
  }
  EXPECT_EQ(name("{path}", "http://a.test/con/nul.txt"), "_con/_nul.txt");
  EXPECT_EQ(name("{path}", "http://a.test/.ssh/x"), "_ssh/x");
}

TEST(NameTemplate, EndsInADepthThatCanBeBorne) {
  std::string url = "http://a.test";
  for (int i = 0; i < 1000; ++i) url += "/d";
  const std::string deep = name("{path}", url);
  EXPECT_EQ(std::count(deep.begin(), deep.end(), '/'), 32);
  EXPECT_LE(deep.size(), 300U);
}

TEST(NameTemplate, RefusesWhatIsNoTemplate) {
  for (const char* text :
       {"", "/x", "../x", "x/../y", "{host}/..", "./x", "{", "{}", "a}", "{nothing}", "{Host}",
        "{host:3}", "{index:}", "{index:x}", "{index:21}", "a\\b", "a\nb", "{host"}) {
    EXPECT_THROW(NameTemplate(text, false), UsageError) << text;
  }
}

}  // namespace
}  // namespace rondo::cli
