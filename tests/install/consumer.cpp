// A program of somebody who uses Rondo. It reaches into several layers, so that it links only where
// all that the library needs has been found too.

#include <iostream>

#include <rondo/base/error.hpp>
#include <rondo/proto/content_decoder.hpp>
#include <rondo/proto/digest.hpp>
#include <rondo/proto/url.hpp>

int main() {
  const auto url = rondo::proto::Url::parse("https://b\u00fccher.example/a?b#c");
  if (!url || url->hostname() != "xn--bcher-kva.example") return 1;
  const auto decoder = rondo::proto::ContentDecoder::make("gzip, br, zstd", {});
  if (!decoder) return 1;
  std::cout << url->href() << ' ' << rondo::proto::sha256_hex("") << '\n';
  return 0;
}
