// Rondo: a session with its default settings but, unless it is told to keep that too, for the limit
// of connections. Bodies are read into a string as users read them.

#include <rondo/rondo.hpp>

#include "peers/load.hpp"

namespace {

using bench::Load;

rondo::Task<std::size_t> read_in_pieces(rondo::http::Response& response) {
  std::size_t length = 0;
  while (true) {
    const std::string_view piece = co_await response.read_any();
    if (piece.empty()) co_return length;
    length += piece.size();
  }
}

rondo::Task<> work(rondo::http::ClientSession& session, const Load& load, std::size_t& left) {
  while (left > 0) {
    --left;
    auto response = co_await session.get(load.url);
    const auto status = static_cast<unsigned>(response.status());
    if (load.streamed()) {
      bench::check_length(load, status, co_await read_in_pieces(response));
    } else {
      bench::check_answer(load, status, co_await response.read());
    }
  }
}

rondo::Task<> run_all(rondo::http::ClientSession& session, const Load& load, std::size_t count) {
  auto body = [&](rondo::TaskGroup& group) -> rondo::Task<> {
    for (std::size_t i = 0; i < load.concurrency; ++i) {
      group.spawn(work, std::ref(session), std::cref(load), std::ref(count));
    }
    co_return;
  };
  co_await rondo::with_task_group(body);
}

rondo::Task<> amain(const Load& load) {
  rondo::http::SessionOptions options;
  if (!bench::keeps_default_limit()) options.connector.limit = load.concurrency;
  options.connector.tls.ca_file = load.ca_file;
  rondo::http::ClientSession session(options);
  co_await run_all(session, load, load.warm_up());
  const bench::Measurement measurement;
  co_await run_all(session, load, load.count);
  measurement.print(load.count);
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = bench::parse_load(argc, argv);
  rondo::run(amain(load), {.spin = bench::spin()});
}
