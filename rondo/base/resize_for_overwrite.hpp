#pragma once
// Room in a string that is filled by somebody else, as the kernel.

#include <cstddef>
#include <string>

namespace rondo {

/// Makes `text` `size` bytes long. What is new has no particular value, and is to be written before
/// it is read; `resize` would write it first. Throws what `resize` does.
void resize_for_overwrite(std::string& text, std::size_t size);

}  // namespace rondo
