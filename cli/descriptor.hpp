#pragma once
// An open descriptor of the system, with an owner.

#include <utility>

namespace rondo::cli {

/// Closed at its end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { static_cast<void>(close()); }

  [[nodiscard]] int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

  /// Closes it now; false, with `errno`, when what was written did not reach the file.
  bool close() noexcept;

 private:
  int number_;
};

}  // namespace rondo::cli
