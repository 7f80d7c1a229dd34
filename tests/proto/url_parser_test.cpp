#include "rondo/proto/url_parser.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

#include "url_expect.hpp"

namespace rondo::proto {
namespace {

struct AbsoluteCase {
  std::string_view input;
  std::string_view href;
};

struct RelativeCase {
  std::string_view input;
  std::string_view base;
  std::string_view href;
};

void expect_all(std::span<const AbsoluteCase> cases) {
  for (const AbsoluteCase& each : cases) EXPECT_EQ(parsed(each.input), each.href) << each.input;
}

void expect_all(std::span<const RelativeCase> cases) {
  for (const RelativeCase& each : cases) {
    EXPECT_EQ(parsed(each.input, each.base), each.href) << each.input << " on " << each.base;
  }
}

TEST(UrlParser, LeavesAPlainUrlAsItIs) {
  constexpr AbsoluteCase kCases[] = {
      {"http://example.org/", "http://example.org/"},
      {"https://example.org/a/b.html?q=1&r=2#top", "https://example.org/a/b.html?q=1&r=2#top"},
      {"ftp://u:p@example.org:2121/x", "ftp://u:p@example.org:2121/x"},
      {"ws://h:8080/chat", "ws://h:8080/chat"},
      {"mailto:someone@example.org", "mailto:someone@example.org"},
      {"urn:isbn:0451450523", "urn:isbn:0451450523"},
      {"redis://u:p@h:6379/0?x=y", "redis://u:p@h:6379/0?x=y"}};
  expect_all(kCases);
}

TEST(UrlParser, PutsTheSchemeIntoLowerCase) {
  constexpr AbsoluteCase kCases[] = {
      {"HTTP://h/", "http://h/"}, {"Git+HTTPS://h/x", "git+https://h/x"}, {"a1+-.:x", "a1+-.:x"}};
  expect_all(kCases);
}

TEST(UrlParser, TrimsControlsAndSpacesAround) {
  constexpr std::string_view kInput("\x01 \x00 http://h/x \x1f\x00 ", 19);
  EXPECT_EQ(parsed(kInput), "http://h/x");
  EXPECT_EQ(parsed("  /x\t", "http://h/a"), "http://h/x");
}

TEST(UrlParser, DropsTabsAndLineEndsAnywhere) {
  EXPECT_EQ(parsed("h\tt\ntp:/\r/ex\tample.org\n:8\t1/a\tb?c\nd#e\rf"),
            "http://example.org:81/ab?cd#ef");
}

TEST(UrlParser, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(parsed("http://h/\xff?\xc3#\xe2\x82"), "http://h/%EF%BF%BD?%EF%BF%BD#%EF%BF%BD");
  EXPECT_EQ(parsed("sc://\xff/"), "sc://%EF%BF%BD/");
}

TEST(UrlParser, JoinsUtf8ThatTabsHaveTornApart) {
  EXPECT_EQ(parsed("http://h/\xc3\t\xa9"), "http://h/%C3%A9");
}

TEST(UrlParser, NeedsASchemeOrABase) {
  for (const std::string_view input : {"", "example.org", "//h/", "/x", "?x", "#x", "1http://h/",
                                       "-a:b", ":", "ht_tp://h/", "h\xc3\xa9:x"}) {
    expect_refused(input, UrlError::missing_scheme);
  }
}

TEST(UrlParser, AddsOrDropsSlashesOfSpecialSchemes) {
  constexpr AbsoluteCase kCases[] = {{"http:h", "http://h/"},
                                     {"http:/h", "http://h/"},
                                     {"http:///h", "http://h/"},
                                     {"http:////h", "http://h/"},
                                     {"http:\\\\h\\x", "http://h/x"},
                                     {"wss:/\\/h", "wss://h/"},
                                     {"https://h\\x\\..\\y", "https://h/y"}};
  expect_all(kCases);
}

TEST(UrlParser, CountsTheSlashesOfOtherSchemes) {
  constexpr AbsoluteCase kCases[] = {
      {"sc:h", "sc:h"},
      {"sc:/h", "sc:/h"},
      {"sc://h", "sc://h"},
      {"sc:///h", "sc:///h"},
      {"sc:\\\\h", "sc:\\\\h"},
      {"sc://h\\x", "error: host has a character that is not allowed in a host"},
      {"sc://h/a\\b", "sc://h/a\\b"}};
  expect_all(kCases);
}

TEST(UrlParser, EncodesCredentials) {
  constexpr AbsoluteCase kCases[] = {
      {"http://user@h/", "http://user@h/"},
      {"http://user:@h/", "http://user@h/"},
      {"http://:secret@h/", "http://:secret@h/"},
      {"http://:@h/", "http://h/"},
      {"http://@h/", "http://h/"},
      {"http://a@b@h/", "http://a%40b@h/"},
      {"http://a:b:c@h/", "http://a:b%3Ac@h/"},
      {"http://a:b@c:d@h:1/", "http://a:b%40c%3Ad@h:1/"},
      {"http://%41\xc3\xa9 ;=[]^|@h/", "http://%41%C3%A9%20%3B%3D%5B%5D%5E%7C@h/"},
      {"http://a/b@h/", "http://a/b@h/"},
      {"http://a\\b@h/", "http://a/b@h/"},
      {"sc://a\\b@h/", "sc://a%5Cb@h/"}};
  expect_all(kCases);
}

TEST(UrlParser, NeedsAHostBehindCredentialsAndColons) {
  for (const std::string_view input :
       {"http://", "http:", "http://?x", "http://#x", "http://@", "http://u@/", "http://u:p@?x",
        "http://:80/", "sc://@/", "sc://u:p@/x", "sc://:80/", "sc://:/", "https:/\\\\/"}) {
    expect_refused(input, UrlError::host_missing);
  }
}

TEST(UrlParser, KeepsThePortUnlessItIsTheDefault) {
  constexpr AbsoluteCase kCases[] = {{"http://h:80/", "http://h/"},
                                     {"https://h:443", "https://h/"},
                                     {"ws://h:80/", "ws://h/"},
                                     {"wss://h:443/", "wss://h/"},
                                     {"ftp://h:21/", "ftp://h/"},
                                     {"http://h:443/", "http://h:443/"},
                                     {"https://h:80/", "https://h:80/"},
                                     {"http://h:/x", "http://h/x"},
                                     {"http://h:0/", "http://h:0/"},
                                     {"http://h:00080/", "http://h/"},
                                     {"http://h:0008080", "http://h:8080/"},
                                     {"http://h:65535/", "http://h:65535/"},
                                     {"sc://h:80/", "sc://h:80/"},
                                     {"sc://h:/", "sc://h/"}};
  expect_all(kCases);
}

TEST(UrlParser, RefusesBadPorts) {
  for (const std::string_view input :
       {"http://h:x/", "http://h:8x", "http://h: 80/", "http://h:80 /", "http://h:-1",
        "http://h:+1/", "http://h:1:2/", "sc://h:b/"}) {
    expect_refused(input, UrlError::port_invalid);
  }
  for (const std::string_view input :
       {"http://h:65536/", "https://h:4294967376/", "http://h:18446744073709551696/",
        "sc://h:340282366920938463463374607431768211536"}) {
    expect_refused(input, UrlError::port_out_of_range);
  }
}

TEST(UrlParser, EncodesEachPartWithItsOwnSet) {
  constexpr std::string_view kAscii = " !\"$%&'()*+,-.09;<=>@AZ[]^_`az{|}~\x7f";
  const auto of = [&](std::string_view head, std::string_view tail) {
    return parsed(std::string(head) + std::string(kAscii) + std::string(tail));
  };
  EXPECT_EQ(of("http://h/", "e"),
            "http://h/%20!%22$%&'()*+,-.09;%3C=%3E@AZ[]%5E_%60az%7B|%7D~%7Fe");
  EXPECT_EQ(of("http://h/?", "e"), "http://h/?%20!%22$%&%27()*+,-.09;%3C=%3E@AZ[]^_`az{|}~%7Fe");
  EXPECT_EQ(of("sc://h/?", "e"), "sc://h/?%20!%22$%&'()*+,-.09;%3C=%3E@AZ[]^_`az{|}~%7Fe");
  EXPECT_EQ(of("http://h/#", "e"), "http://h/#%20!%22$%&'()*+,-.09;%3C=%3E@AZ[]^_%60az{|}~%7Fe");
  EXPECT_EQ(of("sc:", "e"), "sc: !\"$%&'()*+,-.09;<=>@AZ[]^_`az{|}~%7Fe");
}

TEST(UrlParser, LeavesPercentSignsAlone) {
  EXPECT_EQ(parsed("http://h/%41%zz%?%41%zz%#%41%zz%"), "http://h/%41%zz%?%41%zz%#%41%zz%");
}

TEST(UrlParser, TellsEmptyQueriesAndFragmentsFromNone) {
  constexpr AbsoluteCase kCases[] = {{"http://h", "http://h/"},
                                     {"http://h?", "http://h/?"},
                                     {"http://h#", "http://h/#"},
                                     {"http://h?#", "http://h/?#"},
                                     {"http://h/?a?b", "http://h/?a?b"},
                                     {"http://h/#a#b?c", "http://h/#a#b?c"},
                                     {"sc:?", "sc:?"},
                                     {"sc://h?x", "sc://h?x"},
                                     {"sc://h#x", "sc://h#x"}};
  expect_all(kCases);
}

TEST(UrlParser, EncodesTheLastSpaceOfAnOpaquePath) {
  constexpr AbsoluteCase kCases[] = {{"sc:a b", "sc:a b"},
                                     {"sc:a  ", "sc:a"},
                                     {"sc:a  ?q", "sc:a %20?q"},
                                     {"sc:a  #f", "sc:a %20#f"},
                                     {"sc:a  x?q", "sc:a  x?q"},
                                     {"sc: ?", "sc:%20?"},
                                     {"data:,\xc3\xa9\x01", "data:,%C3%A9"}};
  expect_all(kCases);
}

TEST(UrlParser, ResolvesAgainstABase) {
  constexpr std::string_view kBase = "http://u:p@h:81/a/b/c?q#f";
  constexpr RelativeCase kCases[] = {{"", kBase, "http://u:p@h:81/a/b/c?q"},
                                     {"#g", kBase, "http://u:p@h:81/a/b/c?q#g"},
                                     {"?r", kBase, "http://u:p@h:81/a/b/c?r"},
                                     {"?", kBase, "http://u:p@h:81/a/b/c?"},
                                     {"d", kBase, "http://u:p@h:81/a/b/d"},
                                     {"d/e?x#y", kBase, "http://u:p@h:81/a/b/d/e?x#y"},
                                     {".", kBase, "http://u:p@h:81/a/b/"},
                                     {"..", kBase, "http://u:p@h:81/a/"},
                                     {"../../../../x", kBase, "http://u:p@h:81/x"},
                                     {"/x", kBase, "http://u:p@h:81/x"},
                                     {"\\x", kBase, "http://u:p@h:81/x"},
                                     {"//g/x", kBase, "http://g/x"},
                                     {"\\\\g/x", kBase, "http://g/x"},
                                     {"///g/x", kBase, "http://g/x"},
                                     {"http:x", kBase, "http://u:p@h:81/a/b/x"},
                                     {"http:/x", kBase, "http://u:p@h:81/x"},
                                     {"http://g", kBase, "http://g/"},
                                     {"https:x", kBase, "https://x/"},
                                     {"sc:x", kBase, "sc:x"},
                                     {":x", kBase, "http://u:p@h:81/a/b/:x"},
                                     {"x:y@z", kBase, "x:y@z"},
                                     {"1:2", kBase, "http://u:p@h:81/a/b/1:2"}};
  expect_all(kCases);
}

TEST(UrlParser, KeepsTheQueryOfTheBaseOnlyWithoutAPathOfItsOwn) {
  EXPECT_EQ(parsed("", "http://h/x?q"), "http://h/x?q");
  EXPECT_EQ(parsed("#f", "http://h/x?"), "http://h/x?#f");
  EXPECT_EQ(parsed(".", "http://h/x?q"), "http://h/");
  EXPECT_EQ(parsed("/", "http://h/x?q"), "http://h/");
}

TEST(UrlParser, ResolvesAgainstABaseOfAnotherScheme) {
  constexpr RelativeCase kCases[] = {
      {"x", "sc://h/a/b", "sc://h/a/x"},      {"x", "sc://h", "sc://h/x"},
      {"/x", "sc://u@h:9/a", "sc://u@h:9/x"}, {"//g", "sc://h/a", "sc://g"},
      {"///", "sc://h/a", "sc:///"},          {"?q", "sc://h", "sc://h?q"},
      {"\\x", "sc://h/a/b", "sc://h/a/\\x"},  {"x", "sc:/a/b", "sc:/a/x"},
      {"../../x", "sc:/a/b", "sc:/x"},        {"", "sc:/a?q#f", "sc:/a?q"}};
  expect_all(kCases);
}

TEST(UrlParser, TakesOnlyAFragmentOnAnOpaquePath) {
  EXPECT_EQ(parsed("#f", "sc:opaque?q#g"), "sc:opaque?q#f");
  EXPECT_EQ(parsed("#", "data:,x"), "data:,x#");
  EXPECT_EQ(parsed("http://h", "data:,x"), "http://h/");
  const auto base = Url::parse("mailto:a@b");
  for (const std::string_view input : {"x", "", "/x", "?x", "//h"}) {
    const auto url = Url::parse(input, &*base);
    ASSERT_FALSE(url) << input;
    EXPECT_EQ(url.error(), UrlError::opaque_base);
  }
}

TEST(UrlParser, GuardsAPathThatLooksLikeAHost) {
  constexpr RelativeCase kCases[] = {{"sc:/.//p", "about:blank", "sc:/.//p"},
                                     {"sc:/..//p", "about:blank", "sc:/.//p"},
                                     {"sc:/a/..//p?q#f", "about:blank", "sc:/.//p?q#f"},
                                     {"/.//p", "sc:/a", "sc:/.//p"},
                                     {"..//p", "sc:/a/b", "sc:/.//p"},
                                     {"", "sc:/.//p", "sc:/.//p"},
                                     {"#f", "sc:/.//p?q", "sc:/.//p?q#f"},
                                     {"x", "sc:/.//p", "sc:/.//x"},
                                     {"../x", "sc:/.//p", "sc:/x"},
                                     {"/x", "sc:/.//p", "sc:/x"},
                                     {"sc://h/.//p", "about:blank", "sc://h//p"}};
  expect_all(kCases);
}

TEST(UrlParser, IsNotConfusedByAnAliasedBase) {
  auto url = url_of("http://h/a/b?q#f");
  url = *Url::parse("../c", &url);
  EXPECT_EQ(url.href(), "http://h/c");
}

TEST(UrlParser, CutsInputsAnywhereWithoutTrouble) {
  constexpr std::string_view kInputs[] = {
      "https://u:p@[1:2::3]:8443/a/%2e%2E/b\\c/./d?q=1%20'#f%20", "file://host/C|/a/../..?x#y",
      "sc:/..//a?b#c", "http://xn--zca.\xc3\x9f.%41:80/\xf0\x9f\x92\xa9"};
  for (const std::string_view input : kInputs) {
    for (std::size_t size = 0; size <= input.size(); ++size) {
      (void)parsed(input.substr(0, size));
      (void)parsed(input.substr(size), "http://h/x");
      (void)parsed(input.substr(size), "file:///C:/x");
    }
  }
}

}  // namespace
}  // namespace rondo::proto
