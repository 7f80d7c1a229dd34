// The core is shared with the questions under way: one that was given up needs another turn of the
// loop to end, and the resolver may be gone by then.

#include "rondo/dns/caching_resolver.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/dns/answer_store.hpp"
#include "rondo/dns/local_names.hpp"
#include "rondo/dns/shared_question.hpp"

namespace rondo::dns {

using detail::Answer;
using detail::QuestionKey;
using detail::SharedQuestion;

struct CachingResolver::Core {
  std::shared_ptr<Resolver> source;
  CacheOptions options;
  detail::AnswerStore answers;
  std::map<QuestionKey, std::shared_ptr<SharedQuestion>> questions = {};
  CacheStatistics statistics = {};

  /// The question for `key` that is under way, or a new one.
  static std::shared_ptr<SharedQuestion> question(const std::shared_ptr<Core>& self,
                                                  const QuestionKey& key, EventLoop& loop);

  void on_end(const QuestionKey& key, const SharedQuestion& question, const Answer* answer,
              Clock::time_point now);

  /// How long an answer is to be kept.
  [[nodiscard]] std::chrono::seconds lifetime_of(const Answer& answer) const;
};

std::shared_ptr<SharedQuestion> CachingResolver::Core::question(const std::shared_ptr<Core>& self,
                                                                const QuestionKey& key,
                                                                EventLoop& loop) {
  if (const auto place = self->questions.find(key); place != self->questions.end()) {
    ++self->statistics.joined;
    return place->second;
  }
  ++self->statistics.misses;
  const auto on_end = [self, key, &loop](const SharedQuestion& ended, const Answer* answer) {
    self->on_end(key, ended, answer, loop.now());
  };
  auto question = std::make_shared<SharedQuestion>(on_end);
  self->questions[key] = question;
  loop.finish_in_background(SharedQuestion::ask(question, self->source, key));
  return question;
}

void CachingResolver::Core::on_end(const QuestionKey& key, const SharedQuestion& question,
                                   const Answer* answer, Clock::time_point now) {
  if (answer != nullptr) {
    const std::chrono::seconds lifetime = lifetime_of(*answer);
    if (lifetime.count() > 0) answers.put(key, *answer, now + lifetime);
  }
  const auto place = questions.find(key);
  if (place != questions.end() && place->second.get() == &question) questions.erase(place);
}

std::chrono::seconds CachingResolver::Core::lifetime_of(const Answer& answer) const {
  if (!answer.error) {
    return std::min(std::max(answer.resolution.ttl, options.min_ttl), options.max_ttl);
  }
  try {
    std::rethrow_exception(answer.error);
  } catch (const ResolveError& error) {
    using Kind = ResolveError::Kind;
    const bool is_about_name = error.kind() == Kind::not_found || error.kind() == Kind::no_address;
    return is_about_name ? options.negative_ttl : std::chrono::seconds(0);
  } catch (...) {
    return std::chrono::seconds(0);
  }
}

CachingResolver::CachingResolver(std::shared_ptr<Resolver> source, CacheOptions options)
    : core_(std::make_shared<Core>(
          Core{std::move(source), options, detail::AnswerStore(options.max_entries)})) {}

CachingResolver::~CachingResolver() = default;

void CachingResolver::require_loop() {
  if (!handle_) {
    handle_ = get_running_loop().reference();
  } else if (handle_->get_running() == nullptr) {
    handle_->refuse("resolve()", "the DNS cache");
  }
}

Task<Resolution> CachingResolver::resolve(std::string host, std::uint16_t port, Family family) {
  if (auto known = resolve_locally(host, port, family)) co_return std::move(*known);
  require_loop();
  EventLoop& loop = get_running_loop();
  const QuestionKey key(ascii::lowered(host), family);
  Resolution resolution;
  if (std::optional<Answer> answer = core_->answers.find(key, loop.now())) {
    ++core_->statistics.hits;
    if (answer->error) std::rethrow_exception(answer->error);
    resolution = std::move(answer->resolution);
  } else {
    resolution = co_await SharedQuestion::wait(Core::question(core_, key, loop));
  }
  for (auto& address : resolution.addresses) address = address.with_port(port);
  co_return resolution;
}

void CachingResolver::clear() noexcept {
  core_->answers.clear();
}

std::size_t CachingResolver::size() const noexcept {
  return core_->answers.size();
}

bool CachingResolver::knows(std::string_view host, Family family) const {
  return core_->answers.has(QuestionKey(ascii::lowered(host), family), get_running_loop().now());
}

const CacheStatistics& CachingResolver::statistics() const noexcept {
  return core_->statistics;
}

}  // namespace rondo::dns
