#pragma once
// What a parser of heads must make of an input, whole, cut in two at every byte, and byte by byte.

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "rondo/proto/http1_error.hpp"

#include "http1_outcome.hpp"

namespace rondo::proto::testing {

template <class Parser>
void expect_for_all_cuts(std::string_view input, std::string_view outcome) {
  for (const Pieces& pieces : all_cuts(input)) {
    Parser parser;
    ASSERT_EQ(read_head(parser, pieces), outcome)
        << ::testing::PrintToString(input) << " in " << pieces.count() << " pieces, first of "
        << pieces.first_size();
  }
}

/// `head` is a whole head; `rest` follows it and is not to be touched.
template <class Parser>
void expect_head(std::string_view head, std::string_view words, std::string_view rest = {}) {
  expect_for_all_cuts<Parser>(
      std::string(head).append(rest),
      "complete " + std::to_string(head.size()) + ": " + std::string(words));
}

template <class Parser>
void expect_error(Http1Error error, std::initializer_list<std::string_view> inputs) {
  for (const std::string_view input : inputs) {
    expect_for_all_cuts<Parser>(input, error_of(error));
  }
}

}  // namespace rondo::proto::testing
