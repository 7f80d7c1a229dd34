#pragma once
// A small HTTP/1.1 server for tests.
//
//   co_await rondo::with_task_group([&](rondo::TaskGroup& group) -> rondo::Task<> {
//     rondo::testing::HttpServer server(group);
//     server.on("/hello", rondo::testing::HttpReply::text("hello"));
//     co_await expect_hello(server.url("/hello"));
//   });   // the server has ended here

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/task_handle.hpp"
#include "rondo/testing/http_server_message.hpp"
#include "rondo/tls/tls_context.hpp"

namespace rondo::testing {

/// Answers a request; may wait. The request lives until the task has ended.
using HttpHandler = std::function<Task<HttpReply>(const HttpRequest&)>;

/// How a test server listens.
struct HttpServerOptions {
  /// What it identifies itself with; null: it speaks plain HTTP.
  std::shared_ptr<const tls::TlsContext> tls = nullptr;

  /// 0: a free one.
  std::uint16_t port = 0;
};

namespace detail {
struct HttpServerState;
}

/// Serves on 127.0.0.1, on the loop it is made under, in tasks of the group it is given. Meant as a
/// variable of that group's body: the destructor ends its tasks, without waiting for what clients
/// may still want, and the group awaits them. So what handlers refer to must last as long as the
/// group.
///
/// What clients do is never an error here: a connection that breaks ends, and a request that is no
/// HTTP gets a 400. What a handler throws is the test's own mistake: it ends the server and comes
/// out of the group. Loop thread only.
class HttpServer {
 public:
  /// Listens from here on. Throws `OsError` when the port is taken.
  explicit HttpServer(TaskGroup& group, const HttpServerOptions& options = {});

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  /// Has `handler` answer the requests for `path`, in place of any before it; requests on several
  /// connections at a time. A path that ends with "/" stands for all below it: the longest counts,
  /// and "/" is for all the others. Without a handler a request gets a 404.
  void on(std::string path, HttpHandler handler);

  /// The same, with one answer to all of them.
  void on(std::string path, HttpReply reply);

  [[nodiscard]] std::uint16_t port() const noexcept;

  /// "http://127.0.0.1:8080/a" for "/a"; "https://..." with TLS.
  [[nodiscard]] std::string url(std::string_view path) const;

  /// How many connections have been accepted, and requests read, so far.
  [[nodiscard]] std::size_t connections() const noexcept;
  [[nodiscard]] std::size_t requests() const noexcept;

 private:
  std::shared_ptr<detail::HttpServerState> state_;
  TaskHandle<void> serving_;
};

}  // namespace rondo::testing
