#pragma once
// Compresses bodies that are sent: the content codings gzip, deflate, br and zstd (RFC 9110 §8.4.1,
// RFC 7932, RFC 8878).

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rondo::proto {

class EncodingStage;

/// One body. One thread at a time; moving is cheap.
class ContentEncoder {
 public:
  /// For "gzip", "deflate" (in its zlib wrapper), "br" and "zstd", without regard to case; nothing
  /// for others. Throws `std::bad_alloc`, as do the functions below.
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
  explicit ContentEncoder(std::unique_ptr<EncodingStage> stage) noexcept;

  std::unique_ptr<EncodingStage> stage_;
};

}  // namespace rondo::proto
