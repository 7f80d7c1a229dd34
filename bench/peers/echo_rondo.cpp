// Rondo's TCP streams against the echo server: each task sends BYTES and reads as many back.
//
//   echo_rondo tcp://127.0.0.1:PORT/ COUNT CONNECTIONS BYTES

#include <memory>
#include <vector>

#include <rondo/net/byte_stream.hpp>
#include <rondo/net/tcp.hpp>
#include <rondo/rondo.hpp>

#include "peers/load.hpp"

namespace {

using Stream = std::unique_ptr<rondo::net::ByteStream>;
using bench::Load;

rondo::Task<> work(rondo::net::ByteStream& stream, const std::string& message, std::size_t& left) {
  std::string answer(message.size(), '\0');
  while (left > 0) {
    --left;
    co_await stream.write(message);
    for (std::size_t got = 0; got < answer.size();) {
      const std::size_t size = co_await stream.read({answer.data() + got, answer.size() - got});
      if (size == 0) bench::fail("the connection has ended");
      got += size;
    }
    if (answer != message) bench::fail("a wrong answer");
  }
}

rondo::Task<> run_all(std::vector<Stream>& streams, const std::string& message, std::size_t count) {
  auto body = [&](rondo::TaskGroup& group) -> rondo::Task<> {
    for (const Stream& stream : streams) {
      group.spawn(work, std::ref(*stream), std::cref(message), std::ref(count));
    }
    co_return;
  };
  co_await rondo::with_task_group(body);
}

rondo::Task<> amain(const Load& load) {
  const auto server = rondo::net::SocketAddress::parse(load.host + ":" + load.port);
  const std::string message(load.bytes, 'x');
  std::vector<Stream> streams;
  for (std::size_t i = 0; i < load.concurrency; ++i) {
    Stream stream = co_await rondo::net::TcpStream::connect(*server);
    streams.push_back(std::move(stream));
  }
  co_await run_all(streams, message, load.warm_up());
  const bench::Measurement measurement;
  co_await run_all(streams, message, load.count);
  measurement.print(load.count);
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = bench::parse_load(argc, argv);
  rondo::run(amain(load), {.spin = bench::spin()});
}
