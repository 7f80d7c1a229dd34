#pragma once
// Answers that hold for a while.

#include <cstddef>
#include <exception>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "rondo/dns/resolver.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::dns::detail {

/// What a question is known by: the host in lower case, and the family.
using QuestionKey = std::pair<std::string, Family>;

/// An answer: addresses, or the error there was.
struct Answer {
  Resolution resolution = {};
  std::exception_ptr error = nullptr;
};

/// Keeps a limited number of answers. The time is passed in.
class AnswerStore {
 public:
  explicit AnswerStore(std::size_t capacity) noexcept : capacity_(capacity) {}

  /// The answer to `key`, if there is one that holds after `now`; its TTL is what is left of it.
  [[nodiscard]] std::optional<Answer> find(const QuestionKey& key, Clock::time_point now);

  /// Whether there is one.
  [[nodiscard]] bool has(const QuestionKey& key, Clock::time_point now) const;

  /// Keeps an answer until `end`. Where there is no room, the one that was not used for the longest
  /// time goes.
  void put(const QuestionKey& key, Answer answer, Clock::time_point end);

  void clear() noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    QuestionKey key;
    Answer answer;
    Clock::time_point end;
  };
  using Entries = std::list<Entry>;

  void erase(Entries::iterator entry) noexcept;

  std::size_t capacity_;
  Entries entries_;
  std::map<QuestionKey, Entries::iterator> places_;
};

}  // namespace rondo::dns::detail
