// Programs with threads, sockets and an HTTP server, against the clock.

#include <gtest/gtest.h>

#include "program_run.hpp"
#include "seed_range.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::lifecycle {
namespace {

class ProgramsInRealTime : public rondo::test::EachBackend {};
RONDO_ON_EACH_BACKEND(ProgramsInRealTime);

TEST_P(ProgramsInRealTime, EndInOrder) {
  const SeedRange seeds = chosen_seeds({.first = 0, .count = 400});
  for (auto seed = seeds.first; seed < seeds.first + seeds.count; ++seed) {
    const Program program = make_program(seed, Setting::real_time, GetParam());
    const std::string problems = run_program(program, Setting::real_time);
    ASSERT_TRUE(problems.empty()) << problems;
  }
}

}  // namespace
}  // namespace rondo::lifecycle
