#pragma once
// An exchange on a connection from its beginning to its end, as a session goes about it.

#include <string>
#include <string_view>

#include "rondo/http/connection.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/http1_exchange.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http::test {

inline Task<> exchange(Connection& connection, Hop& hop, Stage& stage, Reply& reply) {
  const bool has_answer = co_await connection.begin_exchange(hop, stage);
  const bool is_done = has_answer && connection.take_answer(hop, stage, reply);
  if (!is_done) co_await connection.finish_exchange(hop, stage, reply);
}

/// Appends what is left of `source` to `body`.
inline Task<> read_pieces(BodySource& source, std::string& body) {
  while (!source.at_end()) {
    const std::string_view piece = source.take();
    body.append(piece);
    if (piece.empty()) co_await source.fill(std::nullopt);
  }
}

}  // namespace rondo::http::test
