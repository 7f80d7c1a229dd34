// Bare Asio sockets against the echo server, with callbacks. One thread, said to the io_context;
// the executor's type known; TCP_NODELAY.
//
//   echo_asio tcp://127.0.0.1:PORT/ COUNT CONNECTIONS BYTES

#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "peers/load.hpp"

namespace {

namespace asio = boost::asio;
using bench::Load;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

struct Shared {
  asio::io_context context{1};
  std::string message;
  std::size_t unsent = 0;
};

class Connection {
 public:
  Connection(Shared& shared, const Load& load)
      : shared_(shared), socket_(shared.context), buffer_(load.bytes, '\0') {
    socket_.connect(
        {asio::ip::make_address(load.host), static_cast<unsigned short>(std::stoul(load.port))});
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  void go_on() {
    if (shared_.unsent == 0) return;
    --shared_.unsent;
    asio::async_write(socket_, asio::buffer(shared_.message),
                      [this](boost::system::error_code error, std::size_t) {
                        if (error) bench::fail(error.message());
                        receive();
                      });
  }

 private:
  void receive() {
    const auto rest = asio::buffer(buffer_) + received_;
    socket_.async_read_some(rest, [this](boost::system::error_code error, std::size_t size) {
      if (error) bench::fail(error.message());
      received_ += size;
      if (received_ < buffer_.size()) return receive();
      if (buffer_ != shared_.message) bench::fail("a wrong answer");
      received_ = 0;
      go_on();
    });
  }

  Shared& shared_;
  Socket socket_;
  std::string buffer_;
  std::size_t received_ = 0;
};

void run(Shared& shared, const std::vector<std::unique_ptr<Connection>>& connections,
         std::size_t count) {
  shared.unsent = count;
  for (const auto& connection : connections) connection->go_on();
  shared.context.restart();
  shared.context.run();
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = bench::parse_load(argc, argv);
  Shared shared;
  shared.message.assign(load.bytes, 'x');
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < load.concurrency; ++i)
    connections.push_back(std::make_unique<Connection>(shared, load));
  run(shared, connections, load.warm_up());
  const bench::Measurement measurement;
  run(shared, connections, load.count);
  measurement.print(load.count);
}
