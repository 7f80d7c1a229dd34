// The first byte says how the rest is cut: the events are the same however that is, all text is
// UTF-8, and no limit is passed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "rondo/proto/event_stream.hpp"
#include "rondo/proto/utf8.hpp"

namespace {

using namespace rondo::proto;

constexpr EventStreamLimits kLimits{.max_line = 200, .max_event = 500};

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<ServerSentEvent> events_of(EventStreamParser& parser, std::string_view text,
                                       std::size_t piece) {
  std::vector<ServerSentEvent> events;
  while (!text.empty() && parser.error() == EventStreamError::none) {
    std::string_view input = text.substr(0, piece);
    text.remove_prefix(input.size());
    while (std::optional<ServerSentEvent> event = parser.feed(input)) {
      require(is_valid_utf8(event->type) && is_valid_utf8(event->data) && is_valid_utf8(event->id));
      require(!event->type.empty() && event->id.find('\0') == std::string_view::npos);
      events.push_back(*std::move(event));
    }
    require(input.empty() || parser.error() != EventStreamError::none);
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  EventStreamParser whole(kLimits);
  EventStreamParser cut(kLimits);
  const auto expected = events_of(whole, text, text.size());
  require(events_of(cut, text, std::size_t{1} + data[0] % 16) == expected);
  require(whole.error() == cut.error() && whole.retry() == cut.retry());
  require(whole.last_event_id() == cut.last_event_id());
  return 0;
}
