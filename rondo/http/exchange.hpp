#pragma once
// One request from its start to its response: its time limit, its middlewares, its redirects.

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rondo/http/errors.hpp"
#include "rondo/http/hop_exchange.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/proto/redirect.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// Lives in the frame of `run_request`. Whether a redirect is followed, and how, is decided by
/// `proto::next_hop`; each hop is a `HopExchange`, which the middlewares stand around.
class Exchange {
 public:
  Exchange(std::shared_ptr<SessionCore> core, Request request);

  /// Throws the `ClientError` tree and `Cancelled`.
  Task<Response> run();

  void tell_exception(const std::exception_ptr& error) const;

  /// The end of the middlewares' chain: one hop with a request of theirs.
  Task<Response> send(const Request& request);

 private:
  Task<Response> follow();
  Task<Response> hop();
  Task<Response> through(std::span<const Middleware> chain);
  [[nodiscard]] std::span<const Middleware> middlewares() const noexcept;
  [[nodiscard]] std::optional<proto::NextHop> next_hop(const Response& response,
                                                       unsigned followed) const;
  void remember(const Response& response);
  void redirect(proto::NextHop next);
  void finish(Response& response);
  [[nodiscard]] ErrorSite site() const;

  /// What the task tree says of the request.
  class Note final : public rondo::detail::TaskNote {
   public:
    explicit Note(const Exchange& exchange);
    [[nodiscard]] std::string describe() const override;

   private:
    const Exchange& exchange_;
  };

  HopContext context_;
  Request request_;
  Stage stage_;
  HopExchange hop_{context_, request_, stage_};
  std::vector<HistoryEntry> history_;
  Note note_{*this};
};

/// Sends `request` in the session that `core` belongs to.
Task<Response> run_request(std::shared_ptr<SessionCore> core, Request request);

}  // namespace rondo::http
