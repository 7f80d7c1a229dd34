// The text is made on the loop, where the counts are, and written on a worker thread.

#include "cli/metrics_file.hpp"

#include <string>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/to_thread.hpp"

namespace rondo::cli {

MetricsFile::MetricsFile(FilePlace place, const MetricLabels& labels)
    : place_(std::move(place)), metrics_(labels, std::chrono::system_clock::now()) {
  static_cast<void>(place_.create());  // and removed again
}

Task<> MetricsFile::attend(RunView view) {
  while (true) {
    co_await sleep(kInterval);
    const std::string text = metrics_.text({.is_running = true,
                                            .in_flight = view.tally.in_flight(),
                                            .expected = view.source.expected()});
    try {
      co_await to_thread([this, &text] { place_.replace(text); });
    } catch (const OsError&) {
      // The disk may have room again the next time; the last one is the one that counts.
    }
  }
}

void MetricsFile::finish(const RunEnd&) {
  place_.replace(metrics_.text({}));
}

}  // namespace rondo::cli
