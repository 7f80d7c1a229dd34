// Each operation is carried out by one on the lower stream, whose result is changed on its way up.

#include "tests/tls/filter_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "rondo/runtime/event_loop.hpp"

namespace rondo::tls {

using rondo::detail::Operation;

FilterStream::Hop::Hop(FilterStream& owner, Kind kind_of_operation) noexcept
    : Operation(&Hop::on_end), stream(owner) {
  kind = kind_of_operation;
}

FilterStream::FilterStream(std::unique_ptr<net::ByteStream> lower, Meddling meddling,
                           Traffic& traffic)
    : lower_(std::move(lower)), meddling_(meddling), traffic_(traffic) {}

bool FilterStream::start(Operation& operation) noexcept {
  const bool reads = operation.kind == Operation::Kind::receive;
  if (!reads) {
    traffic_.writes.push_back(operation.parts[0].size() + operation.parts[1].size());
    if (!holds_writes_) return start_hop(writing_, operation);
    writing_.outer = &operation;
    return false;
  }
  ++traffic_.reads;
  if (traffic_.bytes_read == meddling_.ends_after) {
    operation.result = 0;
    return true;
  }
  return start_hop(reading_, operation);
}

bool FilterStream::start_hop(Hop& hop, Operation& operation) noexcept {
  hop.data = operation.data;
  hop.find_room = [](Operation& receive) noexcept {
    Operation& outer = *static_cast<Hop&>(receive).outer;
    return outer.has_room() ? outer.data : nullptr;
  };
  hop.size = operation.size;
  if (meddling_.ends_after) {
    hop.size = std::min(hop.size, *meddling_.ends_after - traffic_.bytes_read);
  }
  hop.parts = operation.parts;
  hop.outer = &operation;
  if (!lower_->start(hop)) return false;
  meddle(hop);
  operation.result = hop.result;
  hop.outer = nullptr;
  return true;
}

void FilterStream::meddle(Hop& hop) noexcept {
  if (hop.kind != Operation::Kind::receive || hop.result <= 0) return;
  const auto count = static_cast<std::size_t>(hop.result);
  if (meddling_.flips && *meddling_.flips - traffic_.bytes_read < count) {
    hop.data[*meddling_.flips - traffic_.bytes_read] ^= 0x20;
  }
  traffic_.bytes_read += count;
}

void FilterStream::Hop::on_end(Operation& operation) noexcept {
  auto& hop = static_cast<Hop&>(operation);
  hop.stream.meddle(hop);
  std::exchange(hop.outer, nullptr)->complete(hop.result);
}

void FilterStream::stop(Operation& operation) noexcept {
  Hop& hop = operation.kind == Operation::Kind::receive ? reading_ : writing_;
  if (hop.outer != &operation) return;
  if (!meddling_.stops_late) {
    hop.stop();
  } else if (!hop.Runnable::is_linked()) {
    rondo::detail::running_loop()->make_ready(hop);
  }
}

void FilterStream::Hop::run() noexcept {
  if (outer != nullptr) stop();
}

void FilterStream::Hop::stop() noexcept {
  const bool is_held = kind == Kind::send && stream.holds_writes_;
  if (is_held) {
    complete(-ECANCELED);
  } else {
    stream.lower_->stop(*this);
  }
}

void FilterStream::throw_error(const Operation& operation) const {
  const net::ByteStream& lower = *lower_;
  lower.throw_error(operation);
  ByteStream::throw_error(operation);
}

}  // namespace rondo::tls
