#pragma once
// From a seed to a program.

#include <cstdint>

#include "program.hpp"

namespace rondo::lifecycle {

/// What programs are made for.
enum class Setting : std::uint8_t {
  virtual_time,  ///< long waits cost nothing
  real_time,     ///< milliseconds, with threads and sockets
  worker,        ///< the same on one of several loops: no Ctrl-C, no stop() of the loop
};

/// The same program for the same arguments on every machine.
Program make_program(std::uint64_t seed, Setting setting, Backend backend);

}  // namespace rondo::lifecycle
