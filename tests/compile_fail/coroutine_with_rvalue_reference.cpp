// refused: take the parameter by value
#include <string>
#include <utility>

#include "rondo/runtime/task.hpp"

#ifdef REFUSED
rondo::Task<std::size_t> size_of(std::string&& text) {
  co_return text.size();
}
#else
rondo::Task<std::size_t> size_of(std::string text) {
  co_return text.size();
}
#endif

struct Page {
  std::string text;
  rondo::Task<std::size_t> size() const { co_return text.size(); }
};

rondo::Task<> amain(const Page& page) {
  auto task = size_of(std::string("text"));
  co_await std::move(task);
  co_await page.size();
  auto local = [&](const std::string& text) -> rondo::Task<std::size_t> { co_return text.size(); };
  co_await local(page.text);
}
