#pragma once
// What the tests of resolvers do again and again.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rondo/dns/resolver.hpp"

namespace rondo::dns {

using Kind = ResolveError::Kind;

/// The addresses as text, in their order.
inline std::vector<std::string> texts(const Resolution& resolution) {
  std::vector<std::string> result;
  for (const auto& address : resolution.addresses) result.push_back(address.to_string());
  return result;
}

/// The addresses of `host` with port 80, in alphabetical order.
inline Task<std::vector<std::string>> addresses_of(Resolver& resolver, std::string host,
                                                   Family family = Family::any) {
  const Resolution resolution = co_await resolver.resolve(std::move(host), 80, family);
  std::vector<std::string> result = texts(resolution);
  std::sort(result.begin(), result.end());
  co_return result;
}

/// `what()` of the error that resolving must end with; its kind must be `kind`.
inline Task<std::string> failure_of(Resolver& resolver, std::string host, Kind kind,
                                    Family family = Family::any) {
  try {
    co_await resolver.resolve(host, 80, family);
    ADD_FAILURE() << host << " was resolved";
  } catch (const ResolveError& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_EQ(error.host(), host);
    co_return error.what();
  }
  co_return "";
}

}  // namespace rondo::dns
