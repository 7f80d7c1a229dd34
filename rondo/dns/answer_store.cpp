// A list in the order of use, the latest in front, and a map into it.

#include "rondo/dns/answer_store.hpp"

#include <chrono>
#include <iterator>

namespace rondo::dns::detail {

std::optional<Answer> AnswerStore::find(const QuestionKey& key, Clock::time_point now) {
  const auto place = places_.find(key);
  if (place == places_.end()) return std::nullopt;
  const Entries::iterator entry = place->second;
  if (entry->end <= now) {
    erase(entry);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  Answer answer = entry->answer;
  answer.resolution.ttl = std::chrono::floor<std::chrono::seconds>(entry->end - now);
  return answer;
}

bool AnswerStore::has(const QuestionKey& key, Clock::time_point now) const {
  const auto place = places_.find(key);
  return place != places_.end() && place->second->end > now;
}

void AnswerStore::put(const QuestionKey& key, Answer answer, Clock::time_point end) {
  if (capacity_ == 0) return;
  if (const auto place = places_.find(key); place != places_.end()) erase(place->second);
  if (entries_.size() >= capacity_) erase(std::prev(entries_.end()));
  entries_.push_front({key, std::move(answer), end});
  places_[key] = entries_.begin();
}

void AnswerStore::erase(Entries::iterator entry) noexcept {
  places_.erase(entry->key);
  entries_.erase(entry);
}

void AnswerStore::clear() noexcept {
  places_.clear();
  entries_.clear();
}

}  // namespace rondo::dns::detail
