#pragma once
// What tells the completions of io_uring apart.

#include <cstddef>
#include <cstdint>

#include "rondo/runtime/operation.hpp"

namespace rondo::detail {

/// The low bits of a token: an operation's address has none of them.
enum UringTokenKind : unsigned { kOperation, kReceive, kReaderPoll, kWriterPoll, kWake, kNobody };
inline constexpr std::uint64_t kKindBits = 7;
inline constexpr std::uint32_t kSerialBits = 29;

/// More is not asked for at a time.
inline constexpr std::size_t kLargestUringTransfer = std::size_t{1} << 30;

inline std::uint64_t token_of(const Operation& operation) noexcept {
  return reinterpret_cast<std::uint64_t>(&operation);
}

inline bool is_kind(std::uint64_t token, UringTokenKind kind) noexcept {
  return (token & kKindBits) == kind;
}

}  // namespace rondo::detail
