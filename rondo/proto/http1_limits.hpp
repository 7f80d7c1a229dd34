#pragma once
// How much of a message's head is put up with.

#include <cstdint>

namespace rondo::proto {

/// Limits of one head (or of one trailer section). They bound the memory that a peer can make us
/// use; each informational (1xx) head is counted anew, so whoever reads them limits their number.
struct Http1Limits {
  /// Bytes of one line, its end included: the start line or one field line. Nginx and Apache write
  /// and take 8 KiB; large cookies and redirects go a little beyond.
  std::uint32_t max_line = 16 * 1024;
  /// Number of field lines, not counting continuations of folded ones.
  std::uint32_t max_fields = 256;
  /// Bytes of the whole head, the empty line included.
  std::uint32_t max_head = 128 * 1024;
  /// Bytes of chunk extensions that a body may have beyond the bytes of its data.
  std::uint32_t max_chunk_extensions = 16 * 1024;
};

}  // namespace rondo::proto
