// The names of the back ends, and which of them this build has.

#include "rondo/runtime/backend.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "rondo/runtime/epoll_reactor.hpp"
#include "rondo/runtime/poll_reactor.hpp"

namespace rondo::detail {
namespace {

Backend backend_from_environment() {
  const char* value = std::getenv("RONDO_BACKEND");
  const std::string_view name = value != nullptr ? value : "";
  if (name.empty() || name == "epoll") return Backend::epoll;
  if (name == "poll") return Backend::poll;
  if (name == "io_uring") return Backend::io_uring;
  throw std::invalid_argument("RONDO_BACKEND is '" + std::string(name) +
                              "': the back ends are epoll and poll");
}

}  // namespace

std::unique_ptr<Reactor> make_reactor(Backend backend) {
  if (backend == Backend::automatic) backend = backend_from_environment();
  switch (backend) {
    case Backend::epoll:
      return std::make_unique<EpollReactor>();
    case Backend::poll:
      return std::make_unique<PollReactor>();
    default:
      throw std::invalid_argument(
          "the back end io_uring is not part of this version: use epoll or poll");
  }
}

}  // namespace rondo::detail
