#pragma once
// A server that says what a test tells it to, right or wrong.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace rondo::cli {

/// One connection of a client, as the server sees it.
class ServerConnection {
 public:
  explicit ServerConnection(int descriptor) noexcept : descriptor_(descriptor) {}

  /// The next request: its head, and as much of a body as Content-Length says. Empty when the
  /// client has gone.
  [[nodiscard]] std::string read_request();

  /// False when the client has gone.
  bool send(std::string_view bytes) const;

  /// Waits until the client ends the connection.
  void wait_for_end();

  /// From now on the end of the connection is a reset.
  void reset_at_end() const;

 private:
  bool receive_more();

  int descriptor_;
  std::string buffer_;
};

/// Serves connections on 127.0.0.1, or on a Unix socket, each on a thread of its own.
class ScriptedServer {
 public:
  using Serve = std::function<void(ServerConnection&)>;

  explicit ScriptedServer(Serve serve) : ScriptedServer("", std::move(serve)) {}

  /// Listens at `unix_path`, if that is not empty.
  ScriptedServer(const std::string& unix_path, Serve serve);
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// Ends the connections that are left.
  ~ScriptedServer();

  [[nodiscard]] int port() const noexcept { return port_; }

  /// "http://127.0.0.1:8080" and `path`.
  [[nodiscard]] std::string url(std::string_view path = "/") const;

  /// How many connections there have been.
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void accept_all();

  int port_ = 0;  // before the listener, which sets it
  int listener_ = -1;
  Serve serve_;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// Answers every request of every connection with what `answer(request)` gives.
[[nodiscard]] ScriptedServer::Serve answering(
    std::function<std::string(const std::string& request)> answer);

/// An answer with status 200 and that body.
[[nodiscard]] std::string ok(std::string_view body);

/// An answer with that status line behind the version, as in "302 Found", fields, and body.
[[nodiscard]] std::string answer(std::string_view status, std::string_view fields,
                                 std::string_view body = "");

/// The path of a request: "/a?b".
[[nodiscard]] std::string path_of(const std::string& request);

}  // namespace rondo::cli
