#include "rondo/runtime/exception_group.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class ExceptionGroupTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(ExceptionGroupTest);

template <class E>
std::exception_ptr failure(const E& error) {
  return std::make_exception_ptr(error);
}

TEST(ExceptionGroup, CountsThemAndListsEach) {
  const ExceptionGroup group({failure(std::runtime_error("a")), failure(Error("b")), failure('c')});
  EXPECT_STREQ(group.what(), "3 failures; first: std::runtime_error: a");
  EXPECT_EQ(group.details(), "std::runtime_error: a\nrondo::Error: b\nchar\n");
  EXPECT_EQ(group.exceptions().size(), 3U);
  EXPECT_EQ(group.failure_count(), 3U);
}

TEST(ExceptionGroup, ShowsGroupsInsideGroupsAsATree) {
  const ExceptionGroup innermost({failure(Error("c")), failure(Error("d"))});
  const ExceptionGroup inner({failure(Error("b")), failure(innermost)});
  const ExceptionGroup outer({failure(inner), failure(Error("a"))});
  EXPECT_STREQ(outer.what(), "4 failures; first: rondo::Error: b");
  EXPECT_EQ(outer.details(),
            "3 failures:\n"
            "  rondo::Error: b\n"
            "  2 failures:\n"
            "    rondo::Error: c\n"
            "    rondo::Error: d\n"
            "rondo::Error: a\n");
  EXPECT_EQ(outer.exceptions().size(), 2U);
  EXPECT_EQ(outer.failure_count(), 4U);
}

TEST(ExceptionGroup, ShowsTheDetailsOfAnErrorUnderIt) {
  const ExceptionGroup group(
      {failure(Error("a", "first\nsecond")), failure(Error("b", "ends with a line end\n"))});
  EXPECT_EQ(group.details(),
            "rondo::Error: a\n"
            "  first\n"
            "  second\n"
            "rondo::Error: b\n"
            "  ends with a line end\n");
}

std::exception_ptr nested_failure() {
  try {
    try {
      try {
        throw std::out_of_range("row 7");
      } catch (...) {
        std::throw_with_nested(std::runtime_error("no table"));
      }
    } catch (...) {
      std::throw_with_nested(std::runtime_error("no report"));
    }
  } catch (...) {
    return std::current_exception();
  }
}

TEST(ExceptionGroup, ShowsTheCausesOfAFailureUnderIt) {
  const ExceptionGroup group({nested_failure(), failure(Error("b"))});
  EXPECT_STREQ(group.what(), "2 failures; first: std::runtime_error: no report");
  EXPECT_EQ(group.details(),
            "std::runtime_error: no report\n"
            "  caused by std::runtime_error: no table\n"
            "    caused by std::out_of_range: row 7\n"
            "rondo::Error: b\n");
}

TEST(ExceptionGroup, OfNothingSaysSo) {
  EXPECT_STREQ(ExceptionGroup(std::vector<std::exception_ptr>{}).what(), "no failures");
}

/// Fails when it is cancelled, so that it fails in every group.
Task<> fail(std::string message) {
  try {
    co_await sleep(1h);
  } catch (const Cancelled&) {
  }
  throw std::runtime_error(message);
}

Task<> fail_at_once(std::string message) {
  throw std::runtime_error(message);
  co_return;
}

Task<> read_two_feeds() {
  co_await with_task_group([](TaskGroup& group) -> Task<> {
    group.spawn_named("prices", fail, "no prices");
    group.spawn(fail, "no name");
    co_return;
  });
}

TEST_P(ExceptionGroupTest, NestedTaskGroupsComeOutAsATreeWithTheNamesOfTheirTasks) {
  auto amain = []() -> Task<> {
    try {
      co_await with_task_group([](TaskGroup& group) -> Task<> {
        group.spawn_named("feeds", read_two_feeds);
        group.spawn_named("writer", fail_at_once, "disk full");
        co_return;
      });
      ADD_FAILURE() << "no exception";
    } catch (const ExceptionGroup& group) {
      EXPECT_STREQ(group.what(), "3 failures; first: std::runtime_error: disk full");
      EXPECT_EQ(group.details(),
                "std::runtime_error: disk full (task 'writer')\n"
                "2 failures (task 'feeds'):\n"
                "  std::runtime_error: no prices (task 'prices')\n"
                "  std::runtime_error: no name\n");
    }
  };
  run(amain());
}

}  // namespace
}  // namespace rondo
