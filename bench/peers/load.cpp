#include "peers/load.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

namespace bench {
namespace {

void split_url(Load& load) {
  const std::string_view url = load.url;
  const std::size_t authority = url.find("://") + 3;
  const std::size_t slash = url.find('/', authority);
  const std::size_t colon = url.find(':', authority);
  if (authority < 3 || slash == std::string_view::npos || colon > slash)
    fail("a URL is scheme://host:port/path");
  load.tls = url.starts_with("https:");
  load.host = url.substr(authority, colon - authority);
  load.port = url.substr(colon + 1, slash - colon - 1);
  load.target = url.substr(slash);
}

std::chrono::microseconds microseconds_of(const char* variable) {
  const char* value = std::getenv(variable);
  return std::chrono::microseconds(value == nullptr ? 0 : std::atoi(value));
}

}  // namespace

CpuTime cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  const double kernel = seconds(usage.ru_stime);
  return {seconds(usage.ru_utime) + kernel, kernel};
}

Load parse_load(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::fprintf(stderr, "usage: %s URL COUNT CONCURRENCY BYTES [CA_FILE]\n", argv[0]);
    std::exit(2);
  }
  Load load{.url = argv[1],
            .count = std::stoul(argv[2]),
            .concurrency = std::stoul(argv[3]),
            .bytes = std::stoul(argv[4]),
            .ca_file = argc == 6 ? argv[5] : ""};
  split_url(load);
  return load;
}

void fail(std::string_view why) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(why.size()), why.data());
  std::exit(1);
}

void check_length(const Load& load, unsigned status, std::size_t length) {
  if (status != 200 || length != load.bytes) fail("a wrong answer");
}

void check_answer(const Load& load, unsigned status, std::string_view body) {
  static const std::string kExpected(kComparedUpTo, 'x');
  check_length(load, status, body.size());
  if (body.size() <= kComparedUpTo && !kExpected.starts_with(body)) fail("a wrong body");
}

bool keeps_default_limit() {
  return std::getenv("RONDO_BENCH_DEFAULT_LIMIT") != nullptr;
}

std::chrono::microseconds spin() {
  return microseconds_of("RONDO_BENCH_SPIN");
}

std::chrono::microseconds nap() {
  return microseconds_of("RONDO_BENCH_NAP");
}

Measurement::Measurement() : begun_with_(cpu_time()), begun_(std::chrono::steady_clock::now()) {}

void Measurement::print(std::size_t requests) const {
  const CpuTime cpu = cpu_time();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun_;
  std::printf("%zu %.6f %.6f %.6f\n", requests, cpu.all - begun_with_.all, wall.count(),
              cpu.kernel - begun_with_.kernel);
}

}  // namespace bench
