// refused: return a pointer or a std::reference_wrapper
#include <functional>

#include "rondo/runtime/task.hpp"

int number = 1;

#ifdef REFUSED
rondo::Task<int&> value() {
  co_return number;
}
#else
rondo::Task<std::reference_wrapper<int>> value() {
  co_return std::ref(number);
}
#endif

rondo::Task<> amain() {
  co_await value();
}
