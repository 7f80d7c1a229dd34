#pragma once
// SHA-256 of a stream of bytes (FIPS 180-4).

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rondo::proto {

/// A hash that is fed piece by piece. One thread at a time; moving is cheap; a moved-from hash may
/// only be destroyed or assigned to.
class Sha256 {
 public:
  using Value = std::array<std::uint8_t, 32>;

  /// Throws `std::bad_alloc` if there is no memory, `Error` if this OpenSSL has no SHA-256.
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  /// Adds `bytes` behind those before.
  void update(std::string_view bytes);

  /// The hash of all bytes since the start or the last `finish()`; the next `update()` starts anew.
  [[nodiscard]] Value finish();

  /// `finish()` as 64 lower-case hexadecimal digits.
  [[nodiscard]] std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// `bytes` hashed at once, as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace rondo::proto
