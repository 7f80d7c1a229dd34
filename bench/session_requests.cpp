// Requests one URL COUNT times, CONCURRENCY at a time, through a session with its default settings,
// and checks each body whole. Prints the CPU time of the client in microseconds a request, start-up
// excluded.
//
//   bench_session URL COUNT CONCURRENCY EXPECTED_BYTES

#include <sys/resource.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include <rondo/rondo.hpp>

namespace {

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Job {
  std::string url;
  std::size_t left = 0;
  std::size_t expected_bytes = 0;
};

rondo::Task<> work(rondo::http::ClientSession& session, Job& job) {
  while (job.left > 0) {
    --job.left;
    auto response = co_await session.get(job.url);
    const std::string body = co_await response.read();
    if (response.status() != 200 || body.size() != job.expected_bytes) {
      throw std::runtime_error("a wrong answer");
    }
  }
}

rondo::Task<> run_job(rondo::http::ClientSession& session, Job& job, std::size_t concurrency) {
  auto body = [&](rondo::TaskGroup& group) -> rondo::Task<> {
    for (std::size_t i = 0; i < concurrency; ++i) group.spawn(work(session, job));
    co_return;
  };
  co_await rondo::with_task_group(body);
}

rondo::Task<> amain(std::string url, std::size_t count, std::size_t concurrency,
                    std::size_t bytes) {
  rondo::http::ClientSession session({.connector = {.limit = concurrency}});
  Job warm_up{url, 4 * concurrency, bytes};
  co_await run_job(session, warm_up, concurrency);
  Job job{url, count, bytes};
  const double begun = cpu_seconds();
  co_await run_job(session, job, concurrency);
  const double used = cpu_seconds() - begun;
  std::printf("%.3f\n", used * 1e6 / static_cast<double>(count));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: bench_session URL COUNT CONCURRENCY EXPECTED_BYTES\n", stderr);
    return 2;
  }
  rondo::run(amain(argv[1], std::stoul(argv[2]), std::stoul(argv[3]), std::stoul(argv[4])));
}
