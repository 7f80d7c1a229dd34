#include "rondo/proto/idna.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>

namespace rondo::proto {
namespace {

struct DomainCase {
  std::string_view domain;
  std::string_view ascii;
};

void expect_all(std::span<const DomainCase> cases) {
  for (const DomainCase& each : cases) {
    EXPECT_EQ(domain_to_ascii(each.domain).value_or("(refused)"), each.ascii) << each.domain;
  }
}

TEST(Idna, LeavesAsciiAloneButForItsCase) {
  constexpr DomainCase kCases[] = {{"Example.ORG", "example.org"},
                                   {"a--b_c.-d-", "a--b_c.-d-"},
                                   {"", ""},
                                   {"..", ".."},
                                   {"xn--bcher-kva", "xn--bcher-kva"}};
  expect_all(kCases);
}

TEST(Idna, TakesAsciiLabelsThatAreNoPunycodeAsTheStandardDoes) {
  constexpr DomainCase kCases[] = {
      {"xn--", "xn--"}, {"XN--A", "xn--a"}, {"xn--a-yoc.com", "xn--a-yoc.com"}};
  expect_all(kCases);
}

TEST(Idna, MapsNormalisesAndEncodes) {
  constexpr DomainCase kCases[] = {{"B\xc3\xbc"
                                    "CHER",
                                    "xn--bcher-kva"},
                                   {"bu\xcc\x88"
                                    "cher",
                                    "xn--bcher-kva"},
                                   {"fa\xc3\x9f", "xn--fa-hia"},
                                   {"\xce\xb2\xcf\x8c\xce\xbb\xce\xbf\xcf\x82", "xn--nxasmm1c"},
                                   {"\xe2\x85\xa7.\xef\xac\x81", "viii.fi"},
                                   {"a\xef\xbd\xa1"
                                    "b\xe3\x80\x82",
                                    "a.b."},
                                   {"a\xc2\xad"
                                    "b",
                                    "ab"},
                                   {"<\xcc\xb8", "xn--gdh"}};
  expect_all(kCases);
}

TEST(Idna, TakesWhatIdna2008WouldRefuse) {
  const std::string_view long_label =
      "x01234567890123456789012345678901234567890123456789012345678901\xe2\x80\xa0";
  constexpr DomainCase kCases[] = {{"\xe2\x98\x95.us", "xn--53h.us"},
                                   {"a\xe2\x80\xa0--", "xn--a---kp0a"},
                                   {"-\xe2\x80\xa0", "xn----xhn"},
                                   {"a_b.\xc3\xbc", "a_b.xn--tda"},
                                   {"x..\xc3\x9f", "x..xn--zca"}};
  expect_all(kCases);
  EXPECT_EQ(domain_to_ascii(long_label),
            "xn--x01234567890123456789012345678901234567890123456789012345678901-6963b");
}

TEST(Idna, ChecksJoinersDirectionsAndPunycode) {
  for (const std::string_view domain : {"a\xe2\x80\x8d"
                                        "b",  // zero width joiner behind a letter
                                        "a\xe2\x80\x8c"
                                        "b",  // zero width non-joiner
                                        "\xd9\x8a"
                                        "a",  // Arabic and Latin in one label
                                        "\xcc\x81"
                                        "a",                  // begins with a combining mark
                                        "xn--a.\xc3\x9f",     // not Punycode
                                        "xn--.\xc3\x9f",      // empty Punycode
                                        "xn--zn7c.\xc3\x9f",  // U+FFFD in Punycode
                                        "\xef\xbf\xbd",       // U+FFFD
                                        "a\xe2\x92\x88"
                                        "com",              // a digit with its dot in one character
                                        "\xff", "\xc3"}) {  // not UTF-8
    EXPECT_FALSE(domain_to_ascii(domain)) << domain;
  }
  constexpr DomainCase kCases[] = {
      {"\xe0\xb7\x81\xe0\xb7\x8a\xe2\x80\x8d\xe0\xb6\xbb\xe0\xb7\x93", "xn--10cl1a0b660p"},
      {"\xd9\x8a.", "xn--mhb."}};
  expect_all(kCases);
}

TEST(Idna, MapsAsRecentUnicodeDoes) {
  constexpr DomainCase kCases[] = {{"stra\xe1\xba\x9e"
                                    "e",
                                    "xn--strae-oqa"},
                                   {"\xd3\x80", "xn--s5a"},
                                   {"\xe2\x84\xb2", "xn--73g"},
                                   {"a\xe1\xa0\x8e"
                                    "b",
                                    "ab"}};
  expect_all(kCases);
}

TEST(Idna, RefusesADomainOfAbsurdLength) {
  EXPECT_FALSE(domain_to_ascii(std::string(std::size_t{3} << 20, '\xc3')));
  std::string labels;
  for (int i = 0; i < 1000; ++i) labels += "\xc3\xbc.";
  EXPECT_EQ(domain_to_ascii(labels)->size(), 8000U);
}

}  // namespace
}  // namespace rondo::proto
