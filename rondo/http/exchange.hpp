#pragma once
// One request from its plan to its response: the loop over its hops.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rondo/http/errors.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/response.hpp"
#include "rondo/http/response_body.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/proto/redirect.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// Lives in the frame of `run_request`. No policy here: what to send, whether to follow and whether
/// to send again is decided by `plan_hop`, `proto::next_hop` and `may_replay`.
class Exchange {
 public:
  Exchange(std::shared_ptr<SessionCore> core, Request request);

  /// Throws the `ClientError` tree and `Cancelled`.
  Task<Response> run();

 private:
  Task<Response> follow();
  Task<Reply> send(const Hop& hop, Lease& lease);
  Task<Lease> connect(bool fresh);
  Task<Reply> exchange_on(Lease& lease, const Hop& hop);
  Response respond(Reply reply, Lease lease);
  void remember(const Reply& reply);
  [[nodiscard]] std::optional<proto::ContentDecoder> decoder_for(
      const proto::ResponseHead& head) const;
  [[nodiscard]] ResponseBody make_body(BodySource& source, Lease lease,
                                       std::optional<proto::ContentDecoder> decoder) const;
  [[nodiscard]] std::optional<proto::NextHop> next_hop(const proto::ResponseHead& head,
                                                       unsigned followed) const;
  void redirect(proto::NextHop next);
  [[nodiscard]] const proto::HeaderMap& defaults() const;
  [[nodiscard]] ErrorSite site() const;
  template <class... Parameters, class... Arguments>
  void tell(void (RequestTrace::*what)(Parameters...), const Arguments&... arguments) const {
    if (request_.trace != nullptr) (request_.trace->*what)(arguments...);
  }

  /// What the task tree says of the request.
  class Note final : public rondo::detail::TaskNote {
   public:
    explicit Note(const Exchange& exchange);
    [[nodiscard]] std::string describe() const override;

   private:
    const Exchange& exchange_;
  };

  std::shared_ptr<SessionCore> core_;
  Request request_;
  std::optional<proto::HeaderMap> defaults_elsewhere_;  // once a redirect has left the origin
  std::optional<Clock::time_point> deadline_;
  Stage stage_;
  unsigned attempts_ = 0;
  std::vector<HistoryEntry> history_;
  Note note_{*this};
};

/// Sends `request` in the session that `core` belongs to.
Task<Response> run_request(std::shared_ptr<SessionCore> core, Request request);

}  // namespace rondo::http
