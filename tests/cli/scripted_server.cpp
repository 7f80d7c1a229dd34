// Blocking sockets and threads: nothing here shares code with what is tested.

#include "tests/cli/scripted_server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "tests/cli/system_check.hpp"

namespace rondo::cli {
namespace {

int listen_at_port(int& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(listener >= 0, "make a socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  check(::bind(listener, generic, size) == 0, "bind a socket");
  check(::listen(listener, 256) == 0, "listen");
  check(::getsockname(listener, generic, &size) == 0, "ask for the port");
  port = ntohs(address.sin_port);
  return listener;
}

int listen_at_path(const std::string& path) {
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(listener >= 0, "make a socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  check(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
        "bind a socket");
  check(::listen(listener, 256) == 0, "listen");
  return listener;
}

std::size_t body_size(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  return at == std::string_view::npos ? 0 : std::stoul(std::string(head.substr(at + kName.size())));
}

}  // namespace

bool ServerConnection::receive_more() {
  std::array<char, 65536> block;
  const auto count = ::recv(descriptor_, block.data(), block.size(), 0);
  if (count > 0) buffer_.append(block.data(), static_cast<std::size_t>(count));
  return count > 0;
}

std::string ServerConnection::read_request() {
  std::size_t end = buffer_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!receive_more()) return "";
    end = buffer_.find("\r\n\r\n");
  }
  const std::size_t size = end + 4 + body_size(std::string_view(buffer_).substr(0, end));
  while (buffer_.size() < size) {
    if (!receive_more()) return "";
  }
  std::string request = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return request;
}

bool ServerConnection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void ServerConnection::wait_for_end() {
  while (receive_more()) {
  }
}

void ServerConnection::reset_at_end() const {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

ScriptedServer::ScriptedServer(const std::string& unix_path, Serve serve)
    : listener_(unix_path.empty() ? listen_at_port(port_) : listen_at_path(unix_path)),
      serve_(std::move(serve)),
      acceptor_([this] { accept_all(); }) {}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const int descriptor : open_) ::shutdown(descriptor, SHUT_RDWR);
  }
  for (std::thread& thread : threads_) thread.join();
}

void ScriptedServer::accept_all() {
  while (true) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    ++connections_;
    const std::lock_guard lock(mutex_);
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor] {
      ServerConnection connection(descriptor);
      serve_(connection);
      const std::lock_guard closing(mutex_);
      std::erase(open_, descriptor);
      ::close(descriptor);
    });
  }
}

std::string ScriptedServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

ScriptedServer::Serve answering(std::function<std::string(const std::string&)> answer) {
  return [answer = std::move(answer)](ServerConnection& connection) {
    for (auto request = connection.read_request(); !request.empty();
         request = connection.read_request()) {
      if (!connection.send(answer(request))) return;
    }
  };
}

std::string answer(std::string_view status, std::string_view fields, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(fields) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string ok(std::string_view body) {
  return answer("200 OK", "", body);
}

std::string path_of(const std::string& request) {
  const std::size_t begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

}  // namespace rondo::cli
