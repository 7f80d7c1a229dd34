#include "rondo/runtime/backend.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "rondo/runtime/reactor.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using ::testing::HasSubstr;

class BackendTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(BackendTest);

std::string_view name_for(Backend backend) {
  return backend == Backend::epoll ? "epoll" : "poll";
}

TEST_P(BackendTest, IsTheOneThatWasAskedFor) {
  EventLoop loop(options());
  EXPECT_EQ(loop.backend(), name_for(GetParam()));
  EXPECT_EQ(detail::make_reactor(GetParam())->name(), name_for(GetParam()));
}

TEST_P(BackendTest, IsTheOneThatWasAskedForInARun) {
  auto amain = []() -> Task<std::string> { co_return std::string(get_running_loop().backend()); };
  EXPECT_EQ(run(amain()), name_for(GetParam()));
}

/// Sets RONDO_BACKEND for a block.
class BackendVariable {
 public:
  explicit BackendVariable(const char* value) {
    if (const char* before = std::getenv("RONDO_BACKEND")) before_ = before;
    ::setenv("RONDO_BACKEND", value, 1);
  }
  ~BackendVariable() {
    before_ ? ::setenv("RONDO_BACKEND", before_->c_str(), 1) : ::unsetenv("RONDO_BACKEND");
  }
  BackendVariable(const BackendVariable&) = delete;
  BackendVariable& operator=(const BackendVariable&) = delete;

 private:
  std::optional<std::string> before_;
};

TEST_P(BackendTest, TheEnvironmentChoosesWhereTheProgramDoesNot) {
  const BackendVariable variable(std::string(name_for(GetParam())).c_str());
  EXPECT_EQ(EventLoop().backend(), name_for(GetParam()));
}

TEST(Backend, IsEpollUnlessSomebodyChooses) {
  const BackendVariable variable("");
  EXPECT_EQ(EventLoop().backend(), "epoll");
}

TEST(Backend, AnUnknownNameInTheEnvironmentIsRefusedByName) {
  const BackendVariable variable("kqueue");
  try {
    EventLoop loop;
    FAIL() << "no exception";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "RONDO_BACKEND is 'kqueue': the back ends are epoll and poll");
  }
}

TEST(Backend, OneThatThisBuildHasNotIsRefused) {
  EXPECT_THROW(EventLoop({.backend = Backend::io_uring}), std::invalid_argument);
  const BackendVariable variable("io_uring");
  EXPECT_THROW(EventLoop{}, std::invalid_argument);
}

TEST(Backend, AChoiceInTheProgramOverridesTheEnvironment) {
  const BackendVariable variable("poll");
  EXPECT_EQ(EventLoop({.backend = Backend::epoll}).backend(), "epoll");
}

}  // namespace
}  // namespace rondo
