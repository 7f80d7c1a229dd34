#pragma once
// The body of an HTTP/1.1 message, taken out of its framing incrementally (RFC 9112 §6, §7.1, §8).
//
//   BodyDecoder body(framing);
//   while (!input.empty() && body.state() == ReadState::need_more) {
//     const BodyPiece piece = body.feed(input);
//     use(piece.data);
//     input.remove_prefix(piece.consumed);
//   }

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_error.hpp"
#include "rondo/proto/http1_field_section.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/proto/http1_limits.hpp"

namespace rondo::proto {

/// What one call of `feed()` has found.
struct BodyPiece {
  std::size_t consumed;   ///< bytes of the input that are done with, `data` among them
  std::string_view data;  ///< bytes of the body: a view into the input; may be empty
  ReadState state;        ///< as behind `data`, which counts even if an error follows it
};

/// Incremental decoder of one body. Copies nothing: what it hands out lies in its input. Chunked
/// framing is read strictly, as any leniency here makes two readers disagree on where a message
/// ends: CRLF and nothing else ends a line (the trailers' included), a size is 1 to 15 hexadecimal
/// digits, white space is allowed only between the size and the `;` of an extension or the line's
/// end. Extensions are skipped. The outcome is the same however the input is split.
class BodyDecoder {
 public:
  /// A decoder without a body: complete from the start.
  BodyDecoder() noexcept : BodyDecoder(BodyFraming{}) {}
  explicit BodyDecoder(const BodyFraming& framing, const Http1Limits& limits = {}) noexcept;
  BodyDecoder(BodyDecoder&& other) noexcept;
  BodyDecoder& operator=(BodyDecoder&& other) noexcept;
  ~BodyDecoder();

  /// Begins anew with another body, within the same limits.
  void reset(const BodyFraming& framing) noexcept;

  /// Limits of the bodies from the next `reset` on. Not within a body.
  void set_limits(const Http1Limits& limits) noexcept;

  /// Reads on up to the end of one piece of data, or of the message, or of the input. Bytes behind
  /// the message are never consumed. In `need_more` with input left over: call again.
  BodyPiece feed(std::string_view input);

  /// To be called when the connection has ended: a body `until_close` is complete by that, any
  /// other that is not complete has the error `truncated_body`. Returns the state.
  ReadState end_of_input() noexcept;

  [[nodiscard]] ReadState state() const noexcept { return state_; }

  /// Why the state is `error`; otherwise `none`.
  [[nodiscard]] Http1Error error() const noexcept { return error_; }

  /// Bytes of the message that are still to come; null where only its end will tell.
  [[nodiscard]] std::optional<std::uint64_t> remaining() const noexcept;

  /// Bytes of the body that are certain to come next, without framing between them: what can be
  /// read straight into the place where it is wanted. 0 where that is not known.
  [[nodiscard]] std::uint64_t contiguous() const noexcept;

  /// The fields behind a chunked body, once complete. They are not to be mixed with the header's
  /// (RFC 9110 §6.5.1).
  [[nodiscard]] const HeaderMap& trailers() const noexcept;

 private:
  enum class Stage : std::uint8_t {
    counted,
    endless,
    size_begin,
    size,
    size_blanks,
    extension,
    size_lf,
    chunk_data,
    chunk_cr,
    chunk_lf,
    trailers
  };

  std::string_view take_data(std::string_view& input) noexcept;
  void read_framing(std::string_view& input);
  void read_size_line(char c) noexcept;
  void read_after_size(char c) noexcept;
  void read_extension(std::string_view& input) noexcept;
  void count_extra(std::size_t size) noexcept;
  void begin_chunk() noexcept;
  void read_trailers(std::string_view& input);
  [[nodiscard]] bool has_no_trailers(std::string_view input) const noexcept;
  void fail(Http1Error error) noexcept;
  [[nodiscard]] bool is_in_data() const noexcept {
    return stage_ <= Stage::endless || stage_ == Stage::chunk_data;
  }

  Stage stage_ = Stage::counted;
  ReadState state_ = ReadState::need_more;
  Http1Error error_ = Http1Error::none;
  std::uint8_t size_digits_ = 0;
  std::uint64_t left_ = 0;         // of the body, or of the chunk
  std::uint64_t data_bytes_ = 0;   // of chunks, so far
  std::uint64_t extra_bytes_ = 0;  // of chunk extensions and the like, so far
  Http1Limits limits_;
  // Most bodies have none, and a connection that is kept has a decoder.
  struct TrailerSection;
  std::unique_ptr<TrailerSection> trailers_;
};

}  // namespace rondo::proto
