// Thin around pipe(2).

#include "tests/cli/pipe.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "tests/cli/system_check.hpp"

namespace rondo::cli {
namespace {

void close_end(int& end) {
  if (end >= 0) ::close(end);
  end = -1;
}

}  // namespace

Pipe::Pipe() {
  check(::pipe2(ends_.data(), O_CLOEXEC) == 0, "make a pipe");
}

Pipe::~Pipe() {
  close_writer();
  close_reader();
}

void Pipe::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::write(writer(), bytes.data(), bytes.size());
    check(count > 0, "write to a pipe");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string Pipe::read(std::size_t most) const {
  std::string bytes(most, '\0');
  const auto count = ::read(reader(), bytes.data(), most);
  check(count >= 0, "read from a pipe");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

void Pipe::close_writer() {
  close_end(ends_[1]);
}

void Pipe::close_reader() {
  close_end(ends_[0]);
}

}  // namespace rondo::cli
