// refused: give this lambda or aggregate a name first
#include <functional>
#include <string>

#include "rondo/runtime/to_thread.hpp"

rondo::Task<> amain(std::string text, std::function<void()> function) {
#ifdef REFUSED
  co_await rondo::to_thread([text] { return text.size(); });
#else
  auto size = [text] { return text.size(); };
  co_await rondo::to_thread(size);
  co_await rondo::to_thread([&] { return text.size(); });
  co_await rondo::to_thread(std::move(function));
#endif
}
