#pragma once
// How a program answers somebody who looks at it. Everything here may be called in a signal
// handler.

#include <string_view>

struct sockaddr_un;  // NOLINT(readability-identifier-naming): the system's name

namespace rondo::detail {

/// What the word of a SIGURG is told by: its upper bits.
inline constexpr int kInspectionMask = 0x7fff0000;
inline constexpr int kInspectionWord = 0x52300000;

/// The address that `rondo ps` listens on for the answers of the process `pid`: a name in the
/// abstract namespace, which is gone with its socket. Gives its size.
unsigned make_inspection_address(int pid, sockaddr_un& address) noexcept;

/// Writes all of `text`; gives up where it cannot.
void write_all(int descriptor, std::string_view text) noexcept;

/// Connects to whoever looks at this process, if it is the same user or root, and sends how many
/// `loops` the process has, a line end, and `text`.
void connect_and_send(int loops, std::string_view text) noexcept;

}  // namespace rondo::detail
