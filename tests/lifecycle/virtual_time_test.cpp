// Programs in virtual time: thousands of them, each with minutes of waiting.

#include <gtest/gtest.h>

#include "program_run.hpp"
#include "seed_range.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::lifecycle {
namespace {

using Share = std::tuple<Backend, std::uint64_t>;

constexpr std::uint64_t kShareSize = 1000;
constexpr std::uint64_t kShares = 5;
constexpr int kEnoughFailures = 5;

class ProgramsInVirtualTime : public ::testing::TestWithParam<Share> {};

TEST_P(ProgramsInVirtualTime, EndInOrder) {
  const auto [backend, share] = GetParam();
  const SeedRange seeds = chosen_seeds({share * kShareSize, kShareSize});
  int failures = 0;
  for (auto seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
    const Program program = make_program(seed, Setting::virtual_time, backend);
    const std::string problems = run_program(program, Setting::virtual_time);
    if (problems.empty()) continue;
    ADD_FAILURE() << problems;
    ++failures;
    ASSERT_LT(failures, kEnoughFailures);
  }
}

std::string name_of(const ::testing::TestParamInfo<Share>& info) {
  const auto [backend, share] = info.param;
  return test::backend_name({backend, 0}) + "_from_" + std::to_string(share * kShareSize);
}

INSTANTIATE_TEST_SUITE_P(, ProgramsInVirtualTime,
                         ::testing::Combine(::testing::ValuesIn(test::backends()),
                                            ::testing::Range(std::uint64_t{0}, kShares)),
                         name_of);

}  // namespace
}  // namespace rondo::lifecycle
