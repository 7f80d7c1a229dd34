#pragma once
// A pipe whose ends a test uses one by one.

#include <array>
#include <string>
#include <string_view>

namespace rondo::cli {

class Pipe {
 public:
  Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe();

  [[nodiscard]] int reader() const noexcept { return ends_[0]; }
  [[nodiscard]] int writer() const noexcept { return ends_[1]; }

  /// Blocks while the pipe is full.
  void write(std::string_view bytes) const;

  /// Up to `most` bytes; empty at the end. Blocks while there are none.
  [[nodiscard]] std::string read(std::size_t most) const;

  void close_writer();
  void close_reader();

 private:
  std::array<int, 2> ends_{};
};

}  // namespace rondo::cli
