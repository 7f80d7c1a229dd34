#pragma once
// One program from its beginning to the verdict.

#include <string>

#include "program_generator.hpp"

namespace rondo::lifecycle {

/// How long the end of a run may take.
inline constexpr std::chrono::seconds kShutdownTimeout{5};

/// Runs `program` on a loop of its own and closes it. Gives what is wrong, a line each, with the
/// program in words; empty: nothing is. A program that hangs ends the process, with its words on
/// the standard error.
std::string run_program(const Program& program, Setting setting);

}  // namespace rondo::lifecycle
