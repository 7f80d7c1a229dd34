// Whether the programs are what the other tests believe they are.

#include "program_generator.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rondo::lifecycle {
namespace {

constexpr std::uint64_t kSeeds = 500;

TEST(ProgramGenerator, MakesTheSameProgramOfASeedAgain) {
  const auto words = [](std::uint64_t seed) {
    return describe(make_program(seed, Setting::virtual_time, Backend::epoll));
  };
  EXPECT_EQ(words(7), words(7));
  EXPECT_NE(words(7), words(8));
}

TEST(ProgramGenerator, UsesEveryActionAndEveryStop) {
  for (const auto setting : {Setting::virtual_time, Setting::real_time}) {
    std::set<Stop> stops;
    std::set<Action> actions;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      const Program program = make_program(seed, setting, Backend::poll);
      stops.insert(program.stop);
      for (int i = 0; i <= static_cast<int>(kLastAction); ++i) {
        if (contains(program.main, static_cast<Action>(i))) actions.insert(static_cast<Action>(i));
      }
    }
    EXPECT_EQ(actions.size(), static_cast<std::size_t>(kLastAction) + 1);
    const bool ends_by_itself = setting == Setting::virtual_time;
    EXPECT_EQ(stops.size(), static_cast<std::size_t>(Stop::stop_and_destroy) + ends_by_itself);
  }
}

TEST(ProgramGenerator, LetsNoProgramThatWaitsForTheOutsideRunToItsEnd) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Program program = make_program(seed, Setting::virtual_time, Backend::epoll);
    EXPECT_FALSE(program.stop == Stop::never && contains(program.main, Action::tcp)) << seed;
  }
}

}  // namespace
}  // namespace rondo::lifecycle
