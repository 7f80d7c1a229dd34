#include "rondo/runtime/with.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::MatchesRegex;

class WithTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(WithTest);

/// Closing it takes its time, and may fail.
class File {
 public:
  explicit File(std::string& order, std::string failure = {})
      : order_(&order), failure_(std::move(failure)) {}
  File(File&&) = default;
  File& operator=(File&&) = default;

  Task<> close() {
    try {
      co_await sleep(1s);
    } catch (const Cancelled&) {
      *order_ += "cancelled ";
      throw;
    }
    *order_ += "closed ";
    if (!failure_.empty()) throw std::runtime_error(failure_);
  }

  std::string& order() { return *order_; }

 private:
  std::string* order_;
  std::string failure_;
};

Task<> fail() {
  co_await sleep(1s);
  throw std::logic_error("body");
}

TEST_P(WithTest, GivesTheValueOfTheBodyAndHasClosedBefore) {
  std::string order;
  auto amain = [&]() -> Task<std::unique_ptr<int>> {
    File file(order);
    auto value = co_await with(file, [&](File& its) -> Task<std::unique_ptr<int>> {
      EXPECT_EQ(&its, &file);
      order += "body ";
      co_return std::make_unique<int>(4);
    });
    order += "after";
    co_return value;
  };
  EXPECT_EQ(*run(amain()), 4);
  EXPECT_EQ(order, "body closed after");
}

TEST_P(WithTest, KeepsATemporaryUntilItIsClosed) {
  std::string order;
  auto amain = [&]() -> Task<> {
    co_await with(File(order), [](File& file) -> Task<> {
      co_await sleep(1s);
      file.order() += "body ";
    });
  };
  run(amain());
  EXPECT_EQ(order, "body closed ");
}

TEST_P(WithTest, CallsACloseThatGivesNothing) {
  struct Handle {
    void close() noexcept { ++closed; }
    int closed = 0;
  };
  Handle handle;
  auto amain = [&]() -> Task<int> {
    co_return co_await with(handle, [](Handle& its) -> Task<int> { co_return its.closed; });
  };
  EXPECT_EQ(run(amain()), 0);
  EXPECT_EQ(handle.closed, 1);
}

TEST_P(WithTest, ClosesWhenTheBodyThrows) {
  std::string order;
  auto amain = [&]() -> Task<> {
    File file(order);
    EXPECT_THROW(co_await with(file, [](File&) -> Task<> { return fail(); }), std::logic_error);
    EXPECT_EQ(order, "closed ");
  };
  run(amain());
}

TEST_P(WithTest, ClosesOutOfReachOfACancellationWhichThenTravelsOn) {
  std::string order;
  auto use = [&]() -> Task<> {
    File file(order);
    co_await with(file, [](File&) -> Task<> { co_await sleep(1h); });
    order += "never";
  };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await timeout(1s, use()), TimeoutError); };
  run(amain());
  EXPECT_EQ(order, "closed ");
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(WithTest, ClosesInTheExitSequence) {
  std::string order;
  auto amain = [&]() -> Task<> {
    File file(order);
    co_await with(file, [](File&) -> Task<> {
      get_running_loop().stop();
      co_await sleep(1h);
    });
  };
  {
    EventLoop loop(options());
    EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
  }
  EXPECT_EQ(order, "closed ");
}

TEST_P(WithTest, AFailureToCloseComesOutAsItIs) {
  std::string order;
  auto amain = [&]() -> Task<> {
    File file(order, "flush");
    EXPECT_THROW(co_await with(file, [](File&) -> Task<int> { co_return 1; }), std::runtime_error);
  };
  run(amain());
}

TEST_P(WithTest, AFailingBodyAndAFailingCloseComeOutTogether) {
  std::string order;
  auto amain = [&]() -> Task<> {
    File file(order, "flush");
    try {
      co_await with(file, [](File&) -> Task<> { return fail(); });
      ADD_FAILURE() << "no exception";
    } catch (const ExceptionGroup& group) {
      EXPECT_STREQ(group.what(), "2 failures; first: std::logic_error: body");
      EXPECT_EQ(group.details(), "std::logic_error: body\nstd::runtime_error: flush (close())\n");
    }
  };
  run(amain());
}

TEST_P(WithTest, AFailureToCloseWeighsMoreThanTheCancellationOfTheBody) {
  std::string order;
  auto use = [&]() -> Task<> {
    File file(order, "flush");
    co_await with(file, [](File&) -> Task<> { co_await sleep(1h); });
  };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await timeout(1s, use()), std::runtime_error); };
  run(amain());
}

TEST_P(WithTest, ACloseThatHangsIsCancelledAtItsDeadlineAndNamed) {
  std::string order;
  auto amain = [&]() -> Task<> {
    File file(order);
    try {
      co_await with(file, [](File&) -> Task<> { co_return; }, 500ms);
      ADD_FAILURE() << "no exception";
    } catch (const TimeoutError& error) {
      EXPECT_THAT(
          error.what(),
          MatchesRegex("close\\(\\) of with\\(\\) at with_test.cpp:[0-9]+ timed out after 0.5 s"));
    }
  };
  run(amain());
  EXPECT_EQ(order, "cancelled ");
}

TEST_P(WithTest, NestsLikeBlocks) {
  std::string order;
  auto amain = [&]() -> Task<int> {
    File outer(order, "outer");
    File inner(order, "inner");
    auto use_inner = [&](File&) -> Task<int> {
      co_return co_await with(inner, [](File&) -> Task<int> { co_return 1; });
    };
    co_return co_await with(outer, use_inner);
  };
  try {
    run(amain());
    ADD_FAILURE() << "no exception";
  } catch (const ExceptionGroup& group) {
    EXPECT_EQ(group.details(), "std::runtime_error: inner\nstd::runtime_error: outer (close())\n");
  }
  EXPECT_EQ(order, "closed closed ");
}

}  // namespace
}  // namespace rondo
