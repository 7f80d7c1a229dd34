#pragma once
// Which of the operating system's ways to wait a loop uses.

#include <cstdint>
#include <memory>
#include <string>

namespace rondo {

/// `automatic` follows the environment variable RONDO_BACKEND, and is epoll without one
/// (docs/design.md, section 6). That has one name, or several in order of preference,
/// `io_uring,epoll`: the first that the system lets us have.
enum class Backend : std::uint8_t { automatic, epoll, poll, io_uring };

namespace detail {

class Reactor;

/// A reactor, and why it is this one, in words.
struct ReactorChoice {
  std::unique_ptr<Reactor> reactor;
  std::string reason;
};

/// Makes the reactor for `backend`. Throws `std::invalid_argument` for a name in the environment
/// that is unknown, `OsError` when the system refuses what was asked for.
ReactorChoice choose_reactor(Backend backend);

}  // namespace detail

}  // namespace rondo
