#pragma once
// Compresses bodies that are sent: the content codings gzip and deflate (RFC 9110 §8.4.1).

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

/// One body. One thread at a time; moving is cheap.
class ContentEncoder {
 public:
  /// For "gzip" and "deflate" (in its zlib wrapper), without regard to case; nothing for others.
  /// Throws `std::bad_alloc`.
  [[nodiscard]] static std::optional<ContentEncoder> make(std::string_view coding);

  ContentEncoder(ContentEncoder&&) noexcept;
  ContentEncoder& operator=(ContentEncoder&&) noexcept;
  ~ContentEncoder();

  /// Takes `data` and appends to `out` what has become of it and of what came before; perhaps
  /// nothing yet.
  void encode(std::string_view data, std::string& out);

  /// Appends the rest. The encoder is then as new.
  void finish(std::string& out);

 private:
  struct Deflate;
  explicit ContentEncoder(std::unique_ptr<Deflate> deflate) noexcept;

  std::unique_ptr<Deflate> deflate_;
};

}  // namespace rondo::proto
