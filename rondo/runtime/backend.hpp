#pragma once
// Which of the operating system's ways to wait a loop uses.

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace rondo {

/// `automatic` follows the environment variable RONDO_BACKEND, without one
/// `RunOptions::preferred_backends`, and is epoll without both (docs/design.md, section 6). The
/// variable has one name, or several in order of preference, `io_uring,epoll`: the first that the
/// system lets us have.
enum class Backend : std::uint8_t { automatic, epoll, poll, io_uring };

namespace detail {

class Reactor;

/// A reactor, and why it is this one, in words.
struct ReactorChoice {
  std::unique_ptr<Reactor> reactor;
  std::string reason;
};

/// Makes the reactor for `backend`, `preferred` in the place of a default. Throws
/// `std::invalid_argument` for a name in the environment that is unknown, `OsError` when the system
/// refuses what was asked for.
ReactorChoice choose_reactor(Backend backend, std::span<const Backend> preferred = {});

}  // namespace detail

}  // namespace rondo
