// The output goes to a file: what a program writes to standard output comes at its end there,
// behind all it has written to standard error.

#include "tests/examples/example_program.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/support/child_process.hpp"
#include "tests/support/nginx.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::test {

EndedExample run_example(const std::string& name, std::vector<std::string> arguments) {
  const TemporaryDirectory directory;
  arguments.insert(arguments.begin(), std::string(RONDO_EXAMPLE_PROGRAMS) + "/example_" + name);
  ChildProcess program(arguments, directory.path() / "output");
  if (!program.wait_for_end(std::chrono::seconds(30))) ADD_FAILURE() << name << " does not end";
  return {program.exit_code(), program.output()};
}

std::string url_of_nginx(std::string_view path) {
  static const Nginx nginx;
  return nginx.url(Nginx::Site::plain, path);
}

}  // namespace rondo::test
