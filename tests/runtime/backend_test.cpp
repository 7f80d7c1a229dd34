#include "rondo/runtime/backend.hpp"

#include <gmock/gmock.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "rondo/base/error.hpp"
#include "rondo/runtime/reactor.hpp"
#include "rondo/runtime/sleep.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class BackendTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(BackendTest);

TEST_P(BackendTest, IsTheOneThatWasAskedFor) {
  EventLoop loop(options());
  EXPECT_EQ(loop.backend(), name_of(GetParam()));
  EXPECT_EQ(loop.backend_reason(), "the program asks for it");
  EXPECT_EQ(detail::choose_reactor(GetParam()).reactor->name(), name_of(GetParam()));
}

TEST_P(BackendTest, IsTheOneThatWasAskedForInARun) {
  auto amain = []() -> Task<std::string> { co_return std::string(get_running_loop().backend()); };
  EXPECT_EQ(run(amain()), name_of(GetParam()));
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
  const BackendVariable variable(name_of(GetParam()));
  const EventLoop loop;
  EXPECT_EQ(loop.backend(), name_of(GetParam()));
  EXPECT_EQ(loop.backend_reason(), std::string("RONDO_BACKEND is ") + name_of(GetParam()));
}

TEST(Backend, IoUringTakesPart) {
  if (detail::uring_refusal()) {
    GTEST_SKIP() << "no suite runs on io_uring here: " << detail::uring_refusal()->what();
  }
  EXPECT_EQ(test::backends().back(), Backend::io_uring);
}

TEST(Backend, IsEpollUnlessSomebodyChooses) {
  const BackendVariable variable("");
  const EventLoop loop;
  EXPECT_EQ(loop.backend(), "epoll");
  EXPECT_EQ(loop.backend_reason(), "it is the default");
}

TEST(Backend, AnUnknownNameInTheEnvironmentIsRefusedByName) {
  for (const char* const value : {"kqueue", "epoll,kqueue", "kqueue,epoll", ","}) {
    const BackendVariable variable(value);
    try {
      const EventLoop loop;
      ADD_FAILURE() << value << " was taken";
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(error.what(), "RONDO_BACKEND is '" + std::string(value) +
                                  "': the back ends are epoll, poll and io_uring");
    }
  }
}

TEST(Backend, TheFirstOfSeveralIsTaken) {
  const BackendVariable variable("poll,epoll");
  EXPECT_EQ(EventLoop().backend(), "poll");
}

TEST(Backend, TheProgramsPreferenceTakesThePlaceOfTheDefault) {
  const BackendVariable variable("");
  const EventLoop loop({.preferred_backends = {Backend::poll, Backend::epoll}});
  EXPECT_EQ(loop.backend(), "poll");
  EXPECT_EQ(loop.backend_reason(), "the program prefers it");
}

TEST(Backend, TheEnvironmentOverridesThePreferenceOfTheProgram) {
  const BackendVariable variable("epoll");
  EXPECT_EQ(EventLoop({.preferred_backends = {Backend::poll}}).backend(), "epoll");
}

TEST(Backend, AChoiceInTheProgramOverridesItsPreference) {
  const BackendVariable variable("");
  const EventLoop loop({.backend = Backend::epoll, .preferred_backends = {Backend::poll}});
  EXPECT_EQ(loop.backend(), "epoll");
}

TEST(Backend, AChoiceInTheProgramOverridesTheEnvironment) {
  const BackendVariable variable("poll");
  EXPECT_EQ(EventLoop({.backend = Backend::epoll}).backend(), "epoll");
}

/// Makes the kernel answer `io_uring_setup` with `error` in this process, as containers do.
void refuse_io_uring(unsigned error) {
  std::array<sock_filter, 4> filter{
      {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),  // the call's number is the first thing in its data
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  const sock_fprog program{.len = filter.size(), .filter = filter.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    throw std::runtime_error("no filter");
  }
}

/// Tells on standard error what a loop makes of `value`, in a process without io_uring.
[[noreturn]] void tell_choice(const char* value, const RunOptions& options, unsigned error) {
  refuse_io_uring(error);
  ::setenv("RONDO_BACKEND", value, 1);
  try {
    const EventLoop loop(options);
    std::cerr << loop.backend() << ": " << loop.backend_reason();
  } catch (const OsError& refusal) {
    std::cerr << refusal.what() << " (" << refusal.code() << ")";
  }
  std::_Exit(0);
}

/// The probe of this process, which the others are copies of, has been made already: the tests run
/// in programs of their own.
class RefusedBackend : public ::testing::Test {
 protected:
  RefusedBackend() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(RefusedBackend, IsAnErrorThatSaysWhyWhenItWasAskedFor) {
  const auto exits = ::testing::ExitedWithCode(0);
  EXPECT_EXIT(tell_choice("", {.backend = Backend::io_uring}, EPERM), exits,
              "^cannot use io_uring: .*: Operation not permitted \\(1\\)$");
  EXPECT_EXIT(tell_choice("io_uring", {}, ENOSYS), exits,
              "^cannot use io_uring: this kernel has none, or one older than 6.0: "
              "Function not implemented \\(38\\)$");
}

TEST_F(RefusedBackend, MakesRoomForTheNextOneAndTellsWhy) {
  EXPECT_EXIT(tell_choice("io_uring,epoll", {}, EPERM), ::testing::ExitedWithCode(0),
              "^epoll: RONDO_BACKEND is io_uring,epoll; cannot use io_uring: .*: Operation not "
              "permitted$");
}

TEST_F(RefusedBackend, MakesRoomForTheNextOneThatTheProgramPrefers) {
  const RunOptions options{.preferred_backends = {Backend::io_uring, Backend::epoll}};
  EXPECT_EXIT(tell_choice("", options, EPERM), ::testing::ExitedWithCode(0),
              "^epoll: the program prefers it; cannot use io_uring: .*: Operation not permitted$");
}

TEST_F(RefusedBackend, ChangesNothingForTheOthers) {
  EXPECT_EXIT(tell_choice("", {}, EPERM), ::testing::ExitedWithCode(0),
              "^epoll: it is the default$");
}

}  // namespace
}  // namespace rondo
