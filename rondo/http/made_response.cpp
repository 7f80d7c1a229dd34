// The body comes from a source in memory, through the same `ResponseBody` as any other.

#include "rondo/http/made_response.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include "rondo/http/response_state.hpp"

namespace rondo::http {
namespace {

class MadeBody final : public BodySource {
 public:
  explicit MadeBody(std::string body) noexcept : body_(std::move(body)) {}

  std::string_view take() override { return cut(body_.size() - at_); }
  Task<> fill([[maybe_unused]] std::optional<TotalLimit> limit) override { co_return; }
  Task<std::size_t> read_into(std::span<char> into,
                              [[maybe_unused]] std::optional<TotalLimit> limit) override {
    const std::string_view piece = cut(std::min(into.size(), body_.size() - at_));
    co_return piece.copy(into.data(), piece.size());
  }
  bool at_end() const noexcept override { return at_ == body_.size(); }
  std::optional<std::uint64_t> remaining() const noexcept override { return body_.size() - at_; }

 private:
  std::string_view cut(std::size_t size) noexcept {
    const std::string_view piece = std::string_view(body_).substr(at_, size);
    at_ += size;
    return piece;
  }

  std::string body_;
  std::size_t at_ = 0;
};

}  // namespace

Response make_response(const Request& request, proto::ResponseHead head, std::string body) {
  auto state = make_recycled<detail::ResponseState>();
  state->reply.head = std::move(head);
  RequestPtr own = copy_of(request);
  state->request = own.get();
  state->remote.clear();
  state->timings = {};
  state->attempts = 0;
  state->own_source = std::make_unique<MadeBody>(std::move(body));
  const BodyLimits limits{.max_in_memory = std::numeric_limits<std::uint64_t>::max(),
                          .trace = request.trace};
  state->body.emplace(get_running_loop(), Lease(), *state->own_source, std::nullopt, limits, *own);
  state->keep(std::move(own));
  return Response(state.release());
}

}  // namespace rondo::http
