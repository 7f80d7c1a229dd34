// Compiled as C++23, for the one function of std::string that leaves memory as it is. The rest of
// the library is C++20.

#include "rondo/base/resize_for_overwrite.hpp"

namespace rondo {

void resize_for_overwrite(std::string& text, std::size_t size) {
#ifdef __cpp_lib_string_resize_and_overwrite
  // Not the size that is handed in: libstdc++ 12 gives the capacity when it has to allocate.
  text.resize_and_overwrite(size, [size](const char*, std::size_t) { return size; });
#else
  text.resize(size);
#endif
}

}  // namespace rondo
