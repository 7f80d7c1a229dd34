// Which coding is which; the work is in the stages.

#include "rondo/proto/content_encoder.hpp"

#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/encoding_stage.hpp"

namespace rondo::proto {
namespace {

struct Coding {
  std::string_view name;
  std::unique_ptr<EncodingStage> (*make)();
};

constexpr Coding kCodings[] = {{"gzip", make_gzip_encoding},
                               {"deflate", make_deflate_encoding},
                               {"br", make_brotli_encoding},
                               {"zstd", make_zstd_encoding}};

}  // namespace

ContentEncoder::ContentEncoder(std::unique_ptr<EncodingStage> stage) noexcept
    : stage_(std::move(stage)) {}
ContentEncoder::ContentEncoder(ContentEncoder&&) noexcept = default;
ContentEncoder& ContentEncoder::operator=(ContentEncoder&&) noexcept = default;
ContentEncoder::~ContentEncoder() = default;

std::optional<ContentEncoder> ContentEncoder::make(std::string_view coding) {
  for (const Coding& each : kCodings) {
    if (ascii::equal_ignoring_case(each.name, coding)) return ContentEncoder(each.make());
  }
  return std::nullopt;
}

void ContentEncoder::encode(std::string_view data, std::string& out) {
  if (!data.empty()) stage_->encode(data, out);
}

void ContentEncoder::finish(std::string& out) {
  stage_->finish(out);
}

}  // namespace rondo::proto
