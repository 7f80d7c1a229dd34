// refused: give this lambda or aggregate a name first
#include <string>

#include "rondo/runtime/to_thread.hpp"

struct Job {
  std::string name;
};

std::size_t size_of(const Job& job) {
  return job.name.size();
}

rondo::Task<> amain() {
#ifdef REFUSED
  co_await rondo::to_thread(size_of, Job{"name"});
#else
  const Job job{"name"};
  co_await rondo::to_thread(size_of, job);
#endif
}
