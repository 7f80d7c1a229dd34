#pragma once
// The example programs, run as a user runs them.

#include <string>
#include <string_view>
#include <vector>

namespace rondo::test {

struct EndedExample {
  int exit_code;
  std::string output;  ///< standard output and standard error
};

/// Runs the program of examples/<name>.cpp to its end.
EndedExample run_example(const std::string& name, std::vector<std::string> arguments = {});

/// A URL of a real nginx, which runs from the first call on.
std::string url_of_nginx(std::string_view path);

}  // namespace rondo::test
