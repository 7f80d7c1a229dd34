// The names of the back ends, and the way from a wish to a reactor.

#include "rondo/runtime/backend.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/base/error.hpp"
#include "rondo/runtime/epoll_reactor.hpp"
#include "rondo/runtime/poll_reactor.hpp"
#include "rondo/runtime/uring_reactor.hpp"
#include "rondo/runtime/uring_support.hpp"

namespace rondo::detail {
namespace {

constexpr std::array<std::pair<std::string_view, Backend>, 3> kNames{
    {{"epoll", Backend::epoll}, {"poll", Backend::poll}, {"io_uring", Backend::io_uring}}};

std::unique_ptr<Reactor> make_uring_reactor() {
  if (uring_refusal()) throw OsError(*uring_refusal());
  try {
    return std::make_unique<UringReactor>();
  } catch (const OsError& error) {
    throw uring_refusal_by(error);
  }
}

std::unique_ptr<Reactor> make_reactor(Backend backend) {
  switch (backend) {
    case Backend::automatic:
    case Backend::epoll:
      return std::make_unique<EpollReactor>();
    case Backend::poll:
      return std::make_unique<PollReactor>();
    case Backend::io_uring:
      return make_uring_reactor();
  }
  throw std::invalid_argument("the back end is none of those there are");
}

Backend backend_of(std::string_view name, std::string_view variable) {
  for (const auto& [known, backend] : kNames) {
    if (name == known) return backend;
  }
  throw std::invalid_argument("RONDO_BACKEND is '" + std::string(variable) +
                              "': the back ends are epoll, poll and io_uring");
}

/// The first of `backends` that can be had; the last one's error when none can. `reason` is why
/// these are tried.
ReactorChoice choose_first(std::span<const Backend> backends, std::string reason) {
  while (true) {
    try {
      return {make_reactor(backends.front()), reason};
    } catch (const OsError& error) {
      if (backends.size() == 1) throw;
      reason.append("; ").append(error.what());
    }
    backends = backends.subspan(1);
  }
}

std::vector<Backend> backends_of(std::string_view variable) {
  std::vector<Backend> backends;
  std::string_view rest = variable;
  while (true) {
    const std::size_t comma = rest.find(',');
    backends.push_back(backend_of(rest.substr(0, comma), variable));
    if (comma == std::string_view::npos) return backends;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace

ReactorChoice choose_reactor(Backend backend, std::span<const Backend> preferred) {
  if (backend != Backend::automatic) return {make_reactor(backend), "the program asks for it"};
  const char* variable = std::getenv("RONDO_BACKEND");
  if (variable != nullptr && *variable != '\0') {
    return choose_first(backends_of(variable), std::string("RONDO_BACKEND is ") + variable);
  }
  if (!preferred.empty()) return choose_first(preferred, "the program prefers it");
  return {make_reactor(Backend::epoll), "it is the default"};
}

}  // namespace rondo::detail
