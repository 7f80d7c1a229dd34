// Bare Asio sockets: the floor's work done by Boost.Asio with callbacks. One thread, said to the
// io_context; the executor's type known, so that nothing is erased; TCP_NODELAY; reads of 256 KiB.

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
  std::string request;
  std::vector<char> buffer = std::vector<char>(256 * 1024);
  std::size_t unsent = 0;
  std::size_t answer = 0;
};

class Connection {
 public:
  Connection(Shared& shared, const Load& load) : shared_(shared), socket_(shared.context) {
    socket_.connect(
        {asio::ip::make_address(load.host), static_cast<unsigned short>(std::stoul(load.port))});
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  void go_on() {
    if (shared_.unsent == 0) return;
    --shared_.unsent;
    asio::async_write(socket_, asio::buffer(shared_.request),
                      [this](boost::system::error_code error, std::size_t) {
                        if (error) bench::fail(error.message());
                        receive();
                      });
  }

  std::size_t length_of_answer(const Load& load) {
    asio::write(socket_, asio::buffer(shared_.request));
    std::string head;
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
      head.append(shared_.buffer.data(),
                  socket_.read_some(asio::buffer(shared_.buffer.data(), 4096)));
      end = head.find("\r\n\r\n");
    }
    if (!head.starts_with("HTTP/1.1 200 ")) bench::fail("a wrong answer");
    const std::size_t length = end + 4 + load.bytes;
    for (std::size_t left = length - head.size(); left > 0;) {
      left -= socket_.read_some(
          asio::buffer(shared_.buffer.data(), std::min(left, shared_.buffer.size())));
    }
    return length;
  }

 private:
  void receive() {
    socket_.async_read_some(asio::buffer(shared_.buffer),
                            [this](boost::system::error_code error, std::size_t size) {
                              if (error) bench::fail(error.message());
                              received_ += size;
                              if (received_ < shared_.answer) return receive();
                              received_ = 0;
                              go_on();
                            });
  }

  Shared& shared_;
  Socket socket_;
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
  shared.request =
      "GET " + load.target + " HTTP/1.1\r\nHost: " + load.host + ":" + load.port + "\r\n\r\n";
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < load.concurrency; ++i)
    connections.push_back(std::make_unique<Connection>(shared, load));
  shared.answer = connections.front()->length_of_answer(load);
  run(shared, connections, load.warm_up());
  const bench::Measurement measurement;
  run(shared, connections, load.count);
  measurement.print(load.count);
}
