#include "rondo/proto/link.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

// "target name=<value>" for each, joined by " | ".
std::string shown(const std::vector<Link>& links) {
  std::string text;
  for (const Link& each : links) {
    if (!text.empty()) text += " | ";
    text += each.target;
    for (const auto& [name, value] : each.parameters) text += ' ' + name + "=<" + value + '>';
  }
  return text;
}

TEST(Link, ReadsTargetsAndParameters) {
  struct Case {
    std::string_view field, links;
  };
  const Case cases[] = {
      // RFC 8288 §3.5.
      {R"(<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter")",
       "http://example.com/TheBook/chapter2 rel=<previous> title=<previous chapter>"},
      {R"(</>; rel="http://example.net/foo")", "/ rel=<http://example.net/foo>"},
      {R"(</terms>; rel="copyright"; anchor="#foo")", "/terms rel=<copyright> anchor=<#foo>"},
      {R"(<http://example.org/>; rel="start http://example.net/relation/other")",
       "http://example.org/ rel=<start http://example.net/relation/other>"},
      {R"(<https://example.org/>; rel="start", <https://example.org/index>; rel="index")",
       "https://example.org/ rel=<start> | https://example.org/index rel=<index>"},
      {"<a,b;c>; rel=next,<d>;rel=prev", "a,b;c rel=<next> | d rel=<prev>"},
      {"<a>", "a"},
      {"< a >,<>", "a | "},
      {",, <a> ; REL = \"x\" ;; , <b>,", "a rel=<x> | b"},
      {"<a>; title=\"x, <y>; z\", <b>", "a title=<x, <y>; z> | b"},
      {"<a>; rel=one; rel=two; hreflang=de; hreflang=fr",
       "a rel=<one> hreflang=<de> hreflang=<fr>"},
      {"<a>; crossorigin; as=font", "a as=<font>"},
      {"<a>; rel=\"open", "a rel=<open>"},
      {"<a>; crossorigin, <b>; rel=x", "a | b rel=<x>"},
      {"<a> rel=x, <b>", "a"},
      {"<a>, b, <c>", "a"},
      {"<a>, <b", "a"},
      {"a", ""},
      {"", ""},
  };
  for (const Case& each : cases)
    EXPECT_EQ(shown(parse_links(each.field)), each.links) << each.field;
}

TEST(Link, KnowsItsRelations) {
  const Link link = parse_links("<a>; rel=\" next  Last \"").at(0);
  EXPECT_TRUE(link.has_relation("next"));
  EXPECT_TRUE(link.has_relation("last"));
  EXPECT_FALSE(link.has_relation("nex"));
  EXPECT_FALSE(link.has_relation(""));
  EXPECT_FALSE(parse_links("<a>").at(0).has_relation("next"));
}

TEST(Link, DecodesItsTitle) {
  EXPECT_EQ(parse_links("<a>; title=x; title*=UTF-8'de'n%c3%a4chstes").at(0).title(),
            "n\xc3\xa4"
            "chstes");
  EXPECT_EQ(parse_links("<a>; title=x; title*=damaged").at(0).title(), "x");
  EXPECT_EQ(parse_links("<a>").at(0).title(), std::nullopt);
}

TEST(Link, ReadsAllFields) {
  HeaderMap headers;
  headers.add("Link", "<a>; rel=next");
  headers.add("link", "<b>, <c>");
  EXPECT_EQ(shown(parse_links(headers)), "a rel=<next> | b | c");
}

}  // namespace
}  // namespace rondo::proto
