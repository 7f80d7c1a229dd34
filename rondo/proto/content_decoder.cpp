// The stages stand in the order in which the codings are undone, the one applied last first. Output
// is pulled: the last stage is asked to fill the caller's buffer, and asks the one before it for 16
// KiB whenever it has used up its own input. So nothing is decoded before there is room for it.

#include "rondo/proto/content_decoder.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/decoding_stage.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

constexpr std::uint64_t kRatioFloor = 1 << 20;
// Between two stages only a bomb expands like this: what one coding has made shorter leaves the
// next nothing to gain. It bounds the work of a call that writes little.
constexpr std::uint64_t kMaxInnerRatio = 100;
constexpr std::size_t kLinkSize = std::size_t{16} * 1024;
constexpr std::size_t kAppendStep = std::size_t{16} * 1024;

using MakeStage = std::unique_ptr<DecodingStage> (*)();

// Null for an unknown coding.
MakeStage stage_maker(std::string_view coding) {
  struct Known {
    std::string_view name;
    MakeStage make;
  };
  constexpr std::array kKnown = {Known{"gzip", make_gzip_stage}, Known{"x-gzip", make_gzip_stage},
                                 Known{"deflate", make_deflate_stage},
                                 Known{"br", make_brotli_stage}, Known{"zstd", make_zstd_stage}};
  for (const Known& known : kKnown) {
    if (ascii::equal_ignoring_case(known.name, coding)) return known.make;
  }
  return nullptr;
}

bool exceeds(std::uint64_t out, std::uint64_t in, std::uint64_t ratio) {
  return out > kRatioFloor && out / ratio > in;
}

}  // namespace

std::string_view describe(DecodeError error) noexcept {
  switch (error) {
    case DecodeError::damaged:
      return "the content coding of the body is damaged";
    case DecodeError::truncated:
      return "the body ends within its content coding";
    case DecodeError::too_large:
      return "the decoded body is larger than allowed";
    case DecodeError::too_many_codings:
      return "the body has too many content codings on top of each other";
  }
  return "";
}

class ContentDecoder::Chain {
 public:
  // Puts a stage behind the others.
  void append(std::unique_ptr<DecodingStage> stage) {
    links_.push_back({.stage = std::move(stage), .buffer = nullptr, .unread = {}, .received = 0});
  }

  Decoded pull(std::string_view& in, std::span<char> out) {
    return pull_from(links_.size() - 1, in, out);
  }

  [[nodiscard]] bool is_complete() const noexcept {
    return std::all_of(links_.begin(), links_.end(), [](const Link& link) {
      return link.unread.empty() && link.stage->is_complete();
    });
  }

 private:
  using Buffer = std::array<char, kLinkSize>;

  // A stage, and what the one before it has written for it. The first has the caller's input.
  struct Link {
    std::unique_ptr<DecodingStage> stage;
    std::unique_ptr<Buffer> buffer;
    std::string_view unread;
    std::uint64_t received = 0;
  };

  Decoded pull_from(std::size_t index, std::string_view& in, std::span<char> out) {
    Link& link = links_[index];
    std::size_t written = 0;
    while (true) {
      std::string_view& source = index == 0 ? in : link.unread;
      const std::size_t available = source.size();
      const DecodingStage::Step step = link.stage->run(source, out.subspan(written));
      if (index == 0) link.received += available - source.size();
      written += step.written;
      if (step.damaged) return {written, DecodeError::damaged};
      if (written == out.size() || index == 0) return {written, {}};
      const Decoded refilled = refill(index, in);
      if (refilled.error || refilled.written == 0) return {written, refilled.error};
    }
  }

  // Has the stage before `index` write for it.
  Decoded refill(std::size_t index, std::string_view& in) {
    Link& link = links_[index];
    if (!link.buffer) link.buffer = std::make_unique<Buffer>();
    Decoded decoded = pull_from(index - 1, in, *link.buffer);
    link.unread = {link.buffer->data(), decoded.written};
    link.received += decoded.written;
    if (!decoded.error && exceeds(link.received, links_.front().received, kMaxInnerRatio)) {
      decoded.error = DecodeError::too_large;
    }
    return decoded;
  }

  std::vector<Link> links_;
};

ContentDecoder::ContentDecoder(std::unique_ptr<Chain> chain, DecodeLimits limits) noexcept
    : chain_(std::move(chain)), limits_(limits) {}
ContentDecoder::ContentDecoder(ContentDecoder&&) noexcept = default;
ContentDecoder& ContentDecoder::operator=(ContentDecoder&&) noexcept = default;
ContentDecoder::~ContentDecoder() = default;

Result<ContentDecoder, DecodeError> ContentDecoder::make(std::string_view content_encoding,
                                                         DecodeLimits limits) {
  std::vector<MakeStage> makers;
  while (!content_encoding.empty()) {
    const std::string_view coding = next_list_member(content_encoding);
    if (coding.empty() || ascii::equal_ignoring_case(coding, "identity")) continue;
    const MakeStage maker = stage_maker(coding);
    if (maker == nullptr) return ContentDecoder(nullptr, limits);
    if (makers.size() == kMaxCodings) return Failure{DecodeError::too_many_codings};
    makers.push_back(maker);
  }
  if (makers.empty()) return ContentDecoder(nullptr, limits);
  auto chain = std::make_unique<Chain>();
  std::for_each(makers.rbegin(), makers.rend(), [&](MakeStage make) { chain->append(make()); });
  return ContentDecoder(std::move(chain), limits);
}

bool ContentDecoder::exceeds_ratio() const noexcept {
  return limits_.max_ratio != 0 && exceeds(bytes_out_, bytes_in_, limits_.max_ratio);
}

Decoded ContentDecoder::decode(std::string_view& in, std::span<char> out) {
  if (failure_) return {0, failure_};
  // Room for one byte too many shows that there is one.
  const std::uint64_t allowed = limits_.max_bytes - bytes_out_;
  if (out.size() > allowed) out = out.first(static_cast<std::size_t>(allowed) + 1);
  const std::size_t available = in.size();
  Decoded decoded;
  if (is_identity()) {
    decoded.written = in.copy(out.data(), out.size());
    in.remove_prefix(decoded.written);
  } else {
    decoded = chain_->pull(in, out);
  }
  if (decoded.written > allowed) {
    decoded = {static_cast<std::size_t>(allowed), DecodeError::too_large};
  }
  bytes_in_ += available - in.size();
  bytes_out_ += decoded.written;
  if (!decoded.error && exceeds_ratio()) decoded.error = DecodeError::too_large;
  failure_ = decoded.error;
  return decoded;
}

std::optional<DecodeError> ContentDecoder::decode_all(std::string_view in, std::string& out) {
  while (true) {
    const std::size_t size = out.size();
    out.resize(size + kAppendStep);
    const Decoded decoded = decode(in, std::span(out).subspan(size));
    out.resize(size + decoded.written);
    if (decoded.error || decoded.written < kAppendStep) return decoded.error;
  }
}

std::optional<DecodeError> ContentDecoder::finish() const {
  if (failure_) return failure_;
  if (chain_ && !chain_->is_complete()) return DecodeError::truncated;
  return std::nullopt;
}

}  // namespace rondo::proto
