#pragma once
// Bodies in each content coding, made by the libraries that servers use.

#include <string>
#include <string_view>

namespace rondo::proto {

std::string gzip(std::string_view body);
std::string zlib(std::string_view body, int level = 6);
std::string bare_deflate(std::string_view body, int level = 6);
std::string brotli(std::string_view body);
/// With a checksum, and without the size of the body, so that the window counts.
std::string zstd(std::string_view body, int window_log = 20);

/// The front of a stream in `coding` (gzip, deflate, br or zstd) as a server sends it that flushes
/// after `body` and has more to come.
std::string flushed(std::string_view coding, std::string_view body);

}  // namespace rondo::proto
