#pragma once
// What the demo's server answers, by path. SEED is any segment, N a number of bytes.
//
//   /bytes/SEED/N             the bytes of demo_body.hpp, with Content-Length
//   /chunked/SEED/N           in chunks
//   /until_close/SEED/N       ended by the connection
//   /gzip/SEED/N              the text of demo_body.hpp, compressed; also deflate, br, zstd
//   /delay/MS/...             the page behind it, later
//   /redirect/K/...           K redirects, then the page behind them
//   /status/CODE              that status, and its number as the body
//
//   /loop/SEED                a redirect to itself
//   /disconnect               the end of the connection, without an answer
//   /garbage                  something that is not HTTP
//   /two_lengths              two lengths that contradict each other
//   /silence                  nothing, ever
//   /cut/SEED/N               half of the body, then the end of the connection
//   /cut_chunks/SEED/N        the same in chunks
//   /reset/SEED/N             half of the body, then a reset
//   /stall/SEED/N             half of the body, then nothing, ever
//   /unsealed/SEED/N          ended by the connection; over TLS without close_notify
//   /damaged/SEED/N           gzip with one wrong bit

#include <string_view>

#include "rondo/runtime/task.hpp"
#include "rondo/testing/http_server_message.hpp"

namespace rondo::demo {

/// The page at `path`; a 404 where there is none. `path` must last until the task has ended.
[[nodiscard]] Task<testing::HttpReply> page(std::string_view path);

}  // namespace rondo::demo
