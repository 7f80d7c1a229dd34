// The task has a scope of its own, by which the last one who waits cancels it. That may happen
// before the task has begun: it then finds itself given up.

#include "rondo/dns/shared_question.hpp"

#include "rondo/runtime/cancelled.hpp"

namespace rondo::dns::detail {

/// Counts one of those who wait, for as long as it does.
class SharedQuestion::Waiting {
 public:
  explicit Waiting(SharedQuestion& question) noexcept : question_(question) {
    ++question_.waiting_;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    --question_.waiting_;
    if (question_.waiting_ == 0 && !question_.has_ended_) question_.give_up();
  }

 private:
  SharedQuestion& question_;
};

Task<> SharedQuestion::ask(std::shared_ptr<SharedQuestion> self, std::shared_ptr<Resolver> source,
                           QuestionKey key) {
  CancelScope scope;
  self->scope_ = &scope;
  if (self->is_given_up_) scope.cancel("nobody waits for the answer");
  Answer answer;
  try {
    answer.resolution = co_await source->resolve(key.first, 0, key.second);
  } catch (const Cancelled&) {
    answer.error = std::make_exception_ptr(
        ResolveError(ResolveError::Kind::closed, key.first, "the question was cancelled"));
  } catch (...) {
    answer.error = std::current_exception();
  }
  self->scope_ = nullptr;
  self->end(std::move(answer));
}

Task<Resolution> SharedQuestion::wait(std::shared_ptr<SharedQuestion> self) {
  const Waiting waiting(*self);
  while (!self->has_ended_) co_await self->ended_.wait();
  if (self->answer_.error) std::rethrow_exception(self->answer_.error);
  co_return self->answer_.resolution;
}

void SharedQuestion::give_up() noexcept {
  is_given_up_ = true;
  on_end_(*this, nullptr);
  if (scope_ != nullptr) scope_->cancel("nobody waits for the answer any more");
}

void SharedQuestion::end(Answer answer) {
  answer_ = std::move(answer);
  has_ended_ = true;
  if (!is_given_up_) on_end_(*this, &answer_);
  ended_.wake_all();
}

}  // namespace rondo::dns::detail
