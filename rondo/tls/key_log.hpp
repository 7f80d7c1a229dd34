#pragma once
// The keys of connections, for a person with a packet analyser.

#include <string>
#include <string_view>

namespace rondo::tls::detail {

/// Appends lines to a file that only its owner can read. Any thread.
class KeyLog {
 public:
  /// Throws `TlsError` when the file cannot be opened.
  explicit KeyLog(const std::string& file);
  KeyLog(const KeyLog&) = delete;
  KeyLog& operator=(const KeyLog&) = delete;
  ~KeyLog();

  void append(std::string_view line) noexcept;

 private:
  int descriptor_;
};

}  // namespace rondo::tls::detail
