// What requests and responses leave to those that come after them: memory, unless it is large.

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "rondo/base/recycled.hpp"
#include "rondo/http/request_ptr.hpp"
#include "rondo/http/response_state.hpp"

namespace rondo::http {
namespace {

constexpr std::size_t kSmall = 1000;
constexpr std::size_t kLarge = 10'000;

class RecycledMemory : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!kRecyclesMemory) GTEST_SKIP() << "under AddressSanitizer memory is given back";
  }
};

std::size_t left_by_response(std::size_t size) {
  auto state = make_recycled<detail::ResponseState>();
  state->reply.head.headers.add("X", std::string(size, 'x'));
  state.reset();
  return make_recycled<detail::ResponseState>()->reply.head.headers.memory();
}

std::size_t left_by_request(std::size_t size) {
  auto request = make_recycled<RecycledRequest>();
  request->headers.add("X", std::string(size, 'x'));
  request.reset();
  return make_recycled<RecycledRequest>()->headers.memory();
}

TEST_F(RecycledMemory, OfHeadersIsKeptUnlessItIsLarge) {
  for (const auto left_by : {&left_by_response, &left_by_request}) {
    EXPECT_GE(left_by(kSmall), kSmall);
    EXPECT_LT(left_by(kLarge), kSmall);
  }
}

/// Whether the text of a recycled request's URL has memory beside the request.
bool has_memory_for_url(std::size_t size) {
  auto request = make_recycled<RecycledRequest>();
  EXPECT_EQ(request->url.set_href("http://a/" + std::string(size, 'x')), std::nullopt);
  request.reset();
  request = make_recycled<RecycledRequest>();
  EXPECT_EQ(request->url.set_href("http://b/"), std::nullopt);
  const auto* const text = reinterpret_cast<const std::byte*>(request->url.href().data());
  const auto* const begin = reinterpret_cast<const std::byte*>(request.get());
  return std::less<>()(text, begin) || !std::less<>()(text, begin + sizeof(RecycledRequest));
}

TEST_F(RecycledMemory, OfUrlsIsKeptUnlessItIsLarge) {
  EXPECT_TRUE(has_memory_for_url(kSmall));
  EXPECT_FALSE(has_memory_for_url(kLarge));
}

}  // namespace
}  // namespace rondo::http
