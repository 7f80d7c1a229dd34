// How much memory an idle connection of a session takes: COUNT connections to URL are opened at a
// time, each answers one request, and all of them are kept.
//
//   bench_idle_memory URL COUNT
//
// prints the resident memory of the process that each has added, in bytes. The kernel's share of a
// socket is not in it.

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include <rondo/rondo.hpp>

namespace {

std::size_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  unsigned long total = 0;
  unsigned long resident = 0;
  const bool has_read = file != nullptr && std::fscanf(file, "%lu %lu", &total, &resident) == 2;
  if (file != nullptr) std::fclose(file);
  if (!has_read) throw std::runtime_error("/proc/self/statm cannot be read");
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

rondo::Task<> ask(rondo::http::ClientSession& session, std::string url, rondo::Event& all_are_here,
                  std::size_t& missing) {
  auto response = co_await session.get(url);
  // Nobody gives the connection back before everybody has one.
  if (--missing == 0) all_are_here.set();
  co_await all_are_here.wait();
  if (response.status() != 200) throw std::runtime_error("a wrong answer");
  const std::string body = co_await response.read();
}

rondo::Task<> ask_all(rondo::http::ClientSession& session, std::string url, std::size_t count) {
  rondo::Event all_are_here;
  std::size_t missing = count;
  auto body = [&](rondo::TaskGroup& group) -> rondo::Task<> {
    for (std::size_t i = 0; i < count; ++i) {
      group.spawn(ask, std::ref(session), url, std::ref(all_are_here), std::ref(missing));
    }
    co_return;
  };
  co_await rondo::with_task_group(body);
}

rondo::Task<> amain(std::string url, std::size_t count) {
  rondo::http::ClientSession session(
      {.connector = {.limit = 0, .keepalive_timeout = std::chrono::minutes(5)}});
  co_await ask_all(session, url, 8);
  const std::size_t before = resident_bytes();
  co_await ask_all(session, url, count);
  // What the tasks have left is not the connections': the loop gives it back in a few seconds.
  co_await rondo::sleep(std::chrono::seconds(4));
  ::malloc_trim(0);
  const std::size_t after = resident_bytes();
  if (session.idle_connections() < count) throw std::runtime_error("not all were kept");
  std::printf("%zu\n", (after - before) / count);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_idle_memory URL COUNT\n", stderr);
    return 2;
  }
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  rondo::run(amain(argv[1], std::stoul(argv[2])));
}
