// The result of an operation is settled when it starts; with `ends_at_once` off only the news of it
// waits for the loop's next turn.

#include "rondo/testing/scripted_stream.hpp"

#include <algorithm>
#include <utility>

#include "rondo/runtime/event_loop.hpp"

namespace rondo::testing {

using rondo::detail::Operation;

void ScriptedStream::Later::run() noexcept {
  Operation& ended = *std::exchange(operation, nullptr);
  ended.complete(ended.result);
}

ScriptedStream::ScriptedStream(StreamScript script, StreamRecord& record)
    : script_(std::move(script)), record_(record) {
  std::erase_if(script_.pieces, [](const std::string& piece) { return piece.empty(); });
}

ScriptedStream::~ScriptedStream() {
  for (Later* later : {&reader_, &writer_}) {
    later->unlink();
    if (later->operation != nullptr) std::exchange(later->operation, nullptr)->complete(-ECANCELED);
  }
  record_.was_destroyed = true;
}

Task<> ScriptedStream::shut_down() {
  record_.was_shut_down = true;
  co_return;
}

bool ScriptedStream::is_quiet() noexcept {
  return next_piece_ == script_.pieces.size() && script_.ending == StreamScript::kSilence;
}

bool ScriptedStream::start(Operation& operation) noexcept {
  operation.result = 0;
  Later& later = operation.kind == Operation::Kind::receive ? reader_ : writer_;
  if (later.operation != nullptr) {
    operation.result = -EBUSY;
    return true;
  }
  const bool ends = play(operation);
  if (ends && script_.ends_at_once) return true;
  later.operation = &operation;
  if (ends) rondo::detail::running_loop()->make_ready(later);
  return false;
}

void ScriptedStream::stop(Operation& operation) noexcept {
  for (Later* later : {&reader_, &writer_}) {
    const bool has_ended = later->is_linked();
    if (later->operation != &operation || has_ended) continue;
    later->operation = nullptr;
    operation.complete(-ECANCELED);
  }
}

bool ScriptedStream::play(Operation& operation) noexcept {
  const bool reads = operation.kind == Operation::Kind::receive;
  ++(reads ? record_.reads : record_.writes);
  if (record_.reads + record_.writes == script_.failing_operation) {
    operation.result = -script_.failure;
    return true;
  }
  return reads ? play_read(operation) : play_write(operation);
}

bool ScriptedStream::play_read(Operation& operation) noexcept {
  if (next_piece_ == script_.pieces.size()) {
    operation.result = -std::max(script_.ending, 0);
    return script_.ending != StreamScript::kSilence;
  }
  if (!operation.has_room()) return true;
  std::string& piece = script_.pieces[next_piece_];
  const std::size_t count = std::min(piece.size(), operation.size);
  std::copy_n(piece.begin(), count, operation.data);
  piece.erase(0, count);
  if (piece.empty()) ++next_piece_;
  operation.result = static_cast<std::int64_t>(count);
  return true;
}

bool ScriptedStream::play_write(Operation& operation) noexcept {
  for (auto& part : operation.parts) {
    const std::size_t count = std::min(part.size(), script_.accepts - record_.written.size());
    record_.written.append(part.substr(0, count));
    part.remove_prefix(count);
    operation.result += static_cast<std::int64_t>(count);
  }
  return operation.parts[0].empty() && operation.parts[1].empty();
}

std::vector<std::string> in_pieces_of(std::size_t size, std::string_view text) {
  std::vector<std::string> pieces;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size()))) {
    pieces.emplace_back(text.substr(0, size));
  }
  return pieces;
}

std::vector<std::string> split_at(std::size_t position, std::string_view text) {
  if (position == 0 || position >= text.size()) return {std::string(text)};
  return {std::string(text.substr(0, position)), std::string(text.substr(position))};
}

}  // namespace rondo::testing
