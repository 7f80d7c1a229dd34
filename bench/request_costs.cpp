// What one warm request through a session with its default settings costs, in figures that do not
// depend on the machine: how often memory is allocated, how much, and how many bytes the program
// copies by memcpy and memmove (what the compiler copies in registers is not seen, and what the
// kernel copies is not ours). bench/suite/count_scenario.py adds system calls and instructions.
//
//   bench_request_costs URL COUNT CONCURRENCY
//
// prints "ALLOCATIONS ALLOCATED_BYTES COPIED_BYTES", each for one request.

#include <dlfcn.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include <rondo/rondo.hpp>

extern "C" {
// The C library's own, under the names that it gives those who stand in for them.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

struct Counts {
  std::size_t allocations = 0;
  std::size_t allocated = 0;
  std::size_t copied = 0;
};

constinit Counts counts;  // the program has one thread that matters

void count_allocation(std::size_t size) noexcept {
  ++counts.allocations;
  counts.allocated += size;
}

using Copy = void* (*)(void*, const void*, std::size_t);

void* copy_by(const char* function, Copy& next, void* to, const void* from, std::size_t size) {
  if (next == nullptr) next = reinterpret_cast<Copy>(::dlsym(RTLD_NEXT, function));
  counts.copied += size;
  return next(to, from, size);
}

struct Job {
  std::string url;
  std::size_t left = 0;
};

rondo::Task<> work(rondo::http::ClientSession& session, Job& job) {
  while (job.left > 0) {
    --job.left;
    auto response = co_await session.get(job.url);
    const std::string body = co_await response.read();
    if (response.status() != 200) throw std::runtime_error("a wrong answer");
  }
}

rondo::Task<> run_job(rondo::http::ClientSession& session, Job& job, std::size_t concurrency) {
  auto body = [&](rondo::TaskGroup& group) -> rondo::Task<> {
    for (std::size_t i = 0; i < concurrency; ++i) group.spawn(work(session, job));
    co_return;
  };
  co_await rondo::with_task_group(body);
}

rondo::Task<> amain(std::string url, std::size_t count, std::size_t concurrency) {
  rondo::http::ClientSession session({.connector = {.limit = concurrency}});
  Job warm_up{url, 4 * concurrency};
  co_await run_job(session, warm_up, concurrency);
  Job job{url, count};
  const Counts before = counts;
  co_await run_job(session, job, concurrency);
  const auto each = [&](std::size_t now, std::size_t then) {
    return static_cast<double>(now - then) / static_cast<double>(count);
  };
  std::printf("%.2f %.0f %.0f\n", each(counts.allocations, before.allocations),
              each(counts.allocated, before.allocated), each(counts.copied, before.copied));
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) noexcept {
  count_allocation(size);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  count_allocation(count * size);
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  count_allocation(size);
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_allocation(size);
  return __libc_memalign(alignment, size);
}
void* memcpy(void* to, const void* from, std::size_t size) noexcept {
  static constinit Copy next = nullptr;
  return copy_by("memcpy", next, to, from, size);
}
void* memmove(void* to, const void* from, std::size_t size) noexcept {
  static constinit Copy next = nullptr;
  return copy_by("memmove", next, to, from, size);
}
}

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench_request_costs URL COUNT CONCURRENCY\n", stderr);
    return 2;
  }
  rondo::run(amain(argv[1], std::stoul(argv[2]), std::stoul(argv[3])));
}
