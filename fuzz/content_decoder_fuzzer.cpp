// Any bytes in any coding: no crash, no more bytes than allowed, and the same result wherever the
// input is cut. The first byte chooses the coding, the second the cut.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/content_decoder.hpp"

namespace {

using rondo::proto::ContentDecoder;

constexpr std::uint64_t kMaxBytes = 1 << 20;

// The body; nothing if it is not whole and right.
std::optional<std::string> decode(std::string_view coding, std::string_view a, std::string_view b) {
  ContentDecoder decoder = ContentDecoder::make(coding, {.max_bytes = kMaxBytes}).value();
  std::string body;
  const bool failed =
      decoder.decode_all(a, body) || decoder.decode_all(b, body) || decoder.finish();
  if (body.size() > kMaxBytes) std::abort();
  return failed ? std::nullopt : std::optional(body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kCodings[] = {"gzip", "deflate", "br", "zstd", "deflate, gzip, br"};
  if (size < 2) return 0;
  const std::string_view coding = kCodings[data[0] % std::size(kCodings)];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t cut = data[1] % (bytes.size() + 1);
  if (decode(coding, bytes, "") != decode(coding, bytes.substr(0, cut), bytes.substr(cut))) {
    std::abort();
  }
  return 0;
}
