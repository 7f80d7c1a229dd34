#include "cli/stop_signals.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include "rondo/runtime/run.hpp"

namespace rondo::cli {
namespace {

bool is_blocked(int number) {
  sigset_t blocked;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  return ::sigismember(&blocked, number) == 1;
}

TEST(StopSignals, WaitUntilTheyAreReceived) {
  StopSignals signals;
  EXPECT_EQ(signals.received(), 0);
  ::raise(SIGTERM);
  rondo::run(signals.wait());
  EXPECT_EQ(signals.received(), SIGTERM);
}

TEST(StopSignals, ActAsUsualAfterTheFirst) {
  StopSignals signals;
  EXPECT_TRUE(is_blocked(SIGTERM));
  EXPECT_TRUE(is_blocked(SIGHUP));
  ::raise(SIGHUP);
  rondo::run(signals.wait());
  EXPECT_FALSE(is_blocked(SIGTERM));
  EXPECT_FALSE(is_blocked(SIGHUP));
}

TEST(StopSignals, ActAsUsualAfterTheRun) {
  {
    const StopSignals signals;
  }
  EXPECT_FALSE(is_blocked(SIGTERM));
  EXPECT_FALSE(is_blocked(SIGHUP));
}

TEST(StopSignals, StayIgnoredWhereTheyAre) {
  ::signal(SIGHUP, SIG_IGN);
  {
    StopSignals signals;
    EXPECT_FALSE(is_blocked(SIGHUP));
    ::raise(SIGHUP);
    ::raise(SIGTERM);
    rondo::run(signals.wait());
    EXPECT_EQ(signals.received(), SIGTERM);
  }
  ::signal(SIGHUP, SIG_DFL);
}

}  // namespace
}  // namespace rondo::cli
