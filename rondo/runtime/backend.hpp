#pragma once
// Which of the operating system's ways to wait a loop uses.

#include <memory>
#include <string_view>

namespace rondo {

enum class Backend { automatic, epoll, poll, io_uring };

namespace detail {

class Reactor;

/// Makes the reactor for `backend`. `automatic` follows the environment variable RONDO_BACKEND,
/// then takes the best one there is. Throws `std::invalid_argument` for a name that is unknown or
/// not part of this build, `OsError` when the system refuses.
std::unique_ptr<Reactor> make_reactor(Backend backend);

}  // namespace detail

}  // namespace rondo
