#pragma once
// Bodies that both sides know: whoever has the seed can compute what must arrive.

#include <cstddef>
#include <string>
#include <string_view>

namespace rondo::demo {

/// The first `size` bytes of SHAKE-128 of `seed` (FIPS 202): as good as random, so nothing can get
/// lost or change places unseen. Throws `std::runtime_error` if this OpenSSL has no SHAKE.
[[nodiscard]] std::string bytes_of(std::string_view seed, std::size_t size);

/// The first `size` hexadecimal digits of the same: text that can be compressed to half its size.
[[nodiscard]] std::string text_of(std::string_view seed, std::size_t size);

}  // namespace rondo::demo
