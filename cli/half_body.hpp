#pragma once
// Going on with half of a body: what is asked for, and whether an answer is the other half
// (RFC 9110 §13.1.5, §14). Nothing here waits.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"

#include "cli/job.hpp"
#include "cli/request_parts.hpp"

namespace rondo::cli {

/// Whether half of the answer to that request may be gone on with later: a GET whose headers ask
/// for no part themselves.
[[nodiscard]] bool can_be_halved(const RequestParts& parts) noexcept;

/// The strong validators of an answer, whose body is as the server holds it: without a coding.
/// Empty: half of it is worth nothing. A date is strong if the answer is a second younger at least
/// (RFC 9110 §8.8.2.2).
[[nodiscard]] Validators validators_of(int status, const proto::HeaderMap& headers);

/// What asks for the bytes behind the first `size`.
struct RangeFields {
  std::string range;
  std::string if_range;

  RangeFields(std::uint64_t size, const Validators& validators);

  /// The same for the bytes `first` to `end`, without that one.
  RangeFields(std::uint64_t first, std::uint64_t end, const Validators& validators);

  /// Adds them, and that no coding will do. They outlive the request.
  void add_to(RequestParts& parts) const;
};

/// Whether the answer has all that is behind the first `size` bytes of a body with `validators`.
[[nodiscard]] bool is_other_half(int status, const proto::HeaderMap& headers, std::uint64_t size,
                                 const Validators& validators);

/// Bytes `first` to `end`, without that one, of a body of `total` bytes.
struct Stretch {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::uint64_t total = 0;
};

/// Whether the answer has that stretch, and nothing else, of a body with `validators`.
[[nodiscard]] bool is_stretch(int status, const proto::HeaderMap& headers, const Stretch& stretch,
                              const Validators& validators);

}  // namespace rondo::cli
