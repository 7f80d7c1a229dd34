#pragma once
// What the tests of URLs share: parse to a string that can be compared in one line, and check on
// the way what holds for every URL.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rondo/proto/url.hpp"

namespace rondo::proto {

/// The parts of a URL put together give its href, and its href parses to itself.
inline void expect_consistent(const Url& url) {
  std::string joined(url.protocol());
  if (url.host_kind() != HostKind::none) {
    joined += "//";
    if (url.has_credentials()) {
      joined += url.username();
      if (!url.password().empty()) (joined += ':') += url.password();
      joined += '@';
    }
    joined += url.hostname();
    if (!url.port().empty()) (joined += ':') += url.port();
    EXPECT_EQ(url.host(), std::string(url.hostname()) +
                              (url.port().empty() ? "" : ":" + std::string(url.port())));
  } else if (url.pathname().starts_with("//")) {
    joined += "/.";
  }
  joined += url.pathname();
  EXPECT_TRUE(url.href().starts_with(joined)) << url.href() << " does not begin with " << joined;
  const std::string_view behind = url.href().substr(joined.size());
  const std::string end = std::string(url.search()) + std::string(url.hash());
  if (!url.search().empty() && !url.hash().empty()) {
    EXPECT_EQ(behind, end);
  }

  const auto again = Url::parse(url.href());
  ASSERT_TRUE(again) << url.href() << ": " << describe(again.error());
  EXPECT_EQ(again->href(), url.href());
  EXPECT_EQ(again->pathname(), url.pathname());
  EXPECT_EQ(again->host(), url.host());
}

/// The href of `input`, or "error: " and what is wrong with it.
inline std::string parsed(std::string_view input, std::string_view base = {}) {
  const auto base_url = base.empty() ? Url::parse("about:blank") : Url::parse(base);
  if (!base_url) return "the base is no URL";
  const auto url = Url::parse(input, base.empty() ? nullptr : &*base_url);
  if (!url) return "error: " + std::string(describe(url.error()));
  expect_consistent(*url);
  return std::string(url->href());
}

/// The URL that `input` is; fails the test if it is none.
inline Url url_of(std::string_view input) {
  auto url = Url::parse(input);
  EXPECT_TRUE(url) << input;
  return url ? *url : *Url::parse("error:");
}

/// Fails the test unless `input` is refused.
inline void expect_refused(std::string_view input, UrlError error) {
  const auto url = Url::parse(input);
  ASSERT_FALSE(url) << input << " became " << url->href();
  EXPECT_EQ(describe(url.error()), describe(error)) << input;
}

}  // namespace rondo::proto
