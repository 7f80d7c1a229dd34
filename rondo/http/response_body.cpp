// Without a content coding the pieces are views into the connection's buffer. With one, they are
// views into a buffer of this body, which is filled one block at a time: a bomb never expands
// further than that before its limit is asked for.

#include "rondo/http/response_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "rondo/base/resize_for_overwrite.hpp"
#include "rondo/http/draining.hpp"
#include "rondo/http/failures.hpp"
#include "rondo/http/receive_buffer.hpp"
#include "rondo/runtime/exit_report.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo::http {
namespace {

constexpr std::size_t kDecodedBlock = std::size_t{32} * 1024;

constexpr std::size_t kFirstRead = std::size_t{256} * 1024;

/// By how much a coding may make a body longer that it cannot make shorter: a header, and for gzip
/// 5 bytes in 64 KiB. Far more than that, since nothing depends on it.
constexpr std::uint64_t kCodingOverhead = std::uint64_t{1} << 20;
constexpr std::uint64_t kCodingShare = 1024;

/// What may be in the connection's buffer as a whole.
constexpr std::size_t kSmallBody = ReceiveBuffer::kCapacity;

/// How much memory is reserved on the word of the server alone, and not touched before bytes come.
constexpr std::size_t kReserved = std::size_t{64} * 1024 * 1024;

/// Takes what is there already. True: that was all.
bool drain_at_once(BodySource& source) noexcept {
  try {
    while (!source.at_end() && !source.take().empty()) {
    }
    return source.at_end();
  } catch (const ExchangeFailure&) {
    return false;
  }
}

}  // namespace

/// What the task tree says of a body that is being read.
class ResponseBody::Note final : public rondo::detail::TaskNote {
 public:
  explicit Note(ResponseBody& body) : TaskNote(get_running_loop().current_fiber()), body_(body) {
    body_.is_being_read_ = true;
  }
  Note(const Note&) = delete;
  Note& operator=(const Note&) = delete;
  ~Note() { body_.is_being_read_ = false; }

  [[nodiscard]] std::string describe() const override {
    return fmt::format("{} {}: {}, {} bytes so far", body_.request_.method, body_.site().url,
                       activity(Phase::receive), body_.received_);
  }

 private:
  ResponseBody& body_;
};

ResponseBody::ResponseBody(EventLoop& loop, Lease lease, BodySource& source,
                           std::optional<proto::ContentDecoder> decoder, const BodyLimits& limits,
                           const Request& request)
    : handle_(loop.reference()),
      owner_site_(lease.owner_site()),
      lease_(std::move(lease)),
      source_(&source),
      limits_(limits),
      request_(request),
      begun_(loop.now()) {
  if (decoder && !decoder->is_identity()) {
    decoding_ = std::make_unique<Decoding>(std::move(*decoder));
  }
  if (lease_) loop.add_resident(*this);
}

Task<std::string_view> ResponseBody::next() {
  return next_within(limits_.max_body);
}

/// The next piece of a body that may have `limit` bytes.
Task<std::string_view> ResponseBody::next_within(std::uint64_t limit) {
  require_readable();
  const Note note(*this);
  while (!has_ended_) {
    if (decoding_ && decoding_->has_more()) {
      const std::string_view piece = decode();
      if (piece.empty()) continue;
      count(piece);
      co_return piece;
    }
    const std::string_view piece = take();
    if (!piece.empty()) {
      if (!decoding_) {
        count(piece);
        co_return piece;
      }
      decoding_->coded = piece;
      require_coded_within(limit);
    } else if (source_->at_end()) {
      check_coding_ended();
      end();
    } else {
      try {
        co_await source_->fill(limits_.total);
      } catch (const ExchangeFailure& failure) {
        fail(failure);
      }
    }
  }
  co_return std::string_view();
}

/// A coding can go on for ever and say nothing, as a gzip header with a name that does not end, or
/// empty blocks. What is within `limit` when it is decoded is not much longer before.
void ResponseBody::require_coded_within(std::uint64_t limit) {
  const std::uint64_t overhead = kCodingOverhead + received_ / kCodingShare;
  if (received_ <= overhead || received_ - overhead <= limit) return;
  if (limit == limits_.max_body) fail_as_too_large();
  require_room(received_);
}

ErrorSite ResponseBody::site() const {
  return {request_.url.without_credentials(), Phase::receive};
}

std::string_view ResponseBody::decode() {
  std::vector<char>& decoded = decoding_->decoded;
  if (decoded.empty()) decoded.resize(kDecodedBlock);
  const proto::Decoded step = decoding_->decoder.decode(decoding_->coded, decoded);
  if (step.error) fail_to_decode(*step.error);
  decoding_->has_more_out = step.written == decoded.size();
  return {decoded.data(), step.written};
}

void ResponseBody::count(std::string_view piece) {
  given_ += piece.size();
  if (given_ > limits_.max_body) fail_as_too_large();
  if (limits_.trace != nullptr) limits_.trace->on_response_chunk_received(piece);
}

void ResponseBody::fail_as_too_large() {
  drop();
  fail_with(std::make_exception_ptr(ResponseTooLarge(
      site(),
      fmt::format("the body is larger than max_body, which is {} bytes", limits_.max_body))));
}

std::string_view ResponseBody::take() {
  try {
    const std::string_view piece = source_->take();
    note_received(piece);
    return piece;
  } catch (const ExchangeFailure& failure) {
    fail(failure);
  }
}

void ResponseBody::note_received(std::string_view bytes) {
  received_ += bytes.size();
  for (const auto& check : checks_) check->update(bytes);
}

void ResponseBody::check_with(std::unique_ptr<BodyCheck> check) {
  if (received_ > 0 || has_ended_) return;
  // Nobody may ask for a body that is none, as that of HEAD.
  if (source_->at_end()) return check->finish(source_->trailers());
  checks_.push_back(std::move(check));
}

void ResponseBody::require_readable() const {
  if (handle_.get_running() == nullptr) handle_.refuse("reading a response", owner());
  if (failure_) std::rethrow_exception(failure_);
  if (was_dropped_) throw InvalidStateError("the body of this response has been released");
}

void ResponseBody::check_coding_ended() {
  if (!decoding_) return;
  if (const auto error = decoding_->decoder.finish()) fail_to_decode(*error);
}

bool ResponseBody::read_at_once(std::string& body) {
  require_readable();
  if (has_ended_) return true;
  const auto size = decoding_ ? std::nullopt : source_->remaining();
  if (!size) return false;
  require_room(*size);
  if (*size > limits_.max_body - std::min(given_, limits_.max_body)) fail_as_too_large();
  // A small body has mostly come with its head, and takes its memory when it is copied.
  if (*size > kSmallBody) {
    body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*size, kReserved)));
  }
  if (!append_what_is_there(body)) return false;
  end();
  return true;
}

Task<std::string> ResponseBody::read_on(std::string body) {
  require_readable();
  const auto left = decoding_ || has_ended_ ? std::nullopt : source_->remaining();
  if (left) {
    co_await read_rest(body, body.size() + *left);
    end();
  }
  const std::uint64_t most = std::min(limits_.max_body, limits_.max_in_memory);
  while (!has_ended_) {
    const std::string_view piece = co_await next_within(most);
    require_room(body.size() + piece.size());
    body.append(piece);
  }
  co_return body;
}

/// Whether that was all.
bool ResponseBody::append_what_is_there(std::string& body) {
  while (!source_->at_end()) {
    const std::string_view piece = take();
    if (piece.empty()) return false;
    count(piece);
    if (body.capacity() < piece.size() && body.empty()) {
      body = std::string(piece);  // of the exact size, where append would make room for more
    } else {
      body.append(piece);
    }
  }
  return true;
}

/// Reads a body of `size` to its end, straight into `body`.
Task<> ResponseBody::read_rest(std::string& body, std::uint64_t size) {
  const Note note(*this);
  std::size_t filled = body.size();
  while (!source_->at_end()) {
    // Memory is touched as bytes have come, not as they were announced.
    const std::size_t room = std::max(kFirstRead, filled);
    resize_for_overwrite(body,
                         static_cast<std::size_t>(std::min<std::uint64_t>(size, filled + room)));
    std::size_t size_now = 0;
    try {
      size_now = co_await source_->read_into(std::span(body).subspan(filled), limits_.total);
    } catch (const ExchangeFailure& failure) {
      fail(failure);
    }
    const std::string_view piece = std::string_view(body).substr(filled, size_now);
    note_received(piece);
    count(piece);
    filled += size_now;
  }
}

void ResponseBody::require_room(std::uint64_t size) const {
  if (size <= limits_.max_in_memory) return;
  throw ResponseTooLarge(site(), "the body is larger than " +
                                     std::to_string(limits_.max_in_memory) +
                                     " bytes: read it in pieces, or raise max_body_in_memory");
}

void ResponseBody::fail(const ExchangeFailure& failure) {
  let_go();
  try {
    throw_body_error(failure, site());
  } catch (const ClientError&) {
    fail_with(std::current_exception());
  }
}

void ResponseBody::fail_to_decode(proto::DecodeError error) {
  drop();
  const std::string reason = "the body cannot be decoded: " + std::string(describe(error));
  if (error == proto::DecodeError::too_large) {
    fail_with(std::make_exception_ptr(ResponseTooLarge(site(), reason)));
  }
  fail_with(std::make_exception_ptr(ClientPayloadError(site(), reason)));
}

void ResponseBody::fail_with(std::exception_ptr error) {
  failure_ = std::move(error);
  std::rethrow_exception(failure_);
}

void ResponseBody::end() {
  if (const EventLoop* loop = handle_.get_running()) receive_time_ = loop->now() - begun_;
  if (limits_.may_have_trailers) trailers_ = source_->trailers();
  let_go();
  if (!checks_.empty()) finish_checks();
}

const proto::HeaderMap& ResponseBody::trailers() const noexcept {
  static const proto::HeaderMap none;
  return trailers_ ? *trailers_ : none;
}

void ResponseBody::finish_checks() {
  try {
    for (const auto& check : checks_) check->finish(trailers());
  } catch (const ClientError&) {
    fail_with(std::current_exception());
  }
}

void ResponseBody::let_go() noexcept {
  has_ended_ = true;
  if (decoding_) decoding_->coded = {};
  unlink();
  lease_.release();
}

void ResponseBody::close() noexcept {
  if (has_ended_) return;
  was_dropped_ = true;
  lease_.mark_unread();
  let_go();
}

void ResponseBody::drop() noexcept {
  if (has_ended_) return;
  was_dropped_ = true;
  lease_.mark_unread();
  EventLoop* loop = handle_.get();
  const auto rest = source_->remaining();
  const bool is_small = rest && *rest <= kMaxDrained;
  if (loop != nullptr && is_small && !drain_at_once(*source_)) {
    drain_in_background(*loop, std::move(lease_), *source_);
  }
  let_go();
}

void ResponseBody::on_loop_exit(rondo::detail::ExitReport& report) noexcept {
  report.add("response not read to its end: of the ClientSession created at " +
             rondo::detail::to_string(owner_site_));
  // A task that does not end reads it still: it was abandoned with all it has.
  if (!is_being_read_) let_go();
}

std::string ResponseBody::owner() const {
  if (owner_site_.line() == 0) return "response that was made without a connection";
  return "response of the ClientSession created at " + rondo::detail::to_string(owner_site_);
}

}  // namespace rondo::http
