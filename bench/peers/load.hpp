#pragma once
// What all HTTP peers have in common: the command line, the check of a body, and what is printed.
//
//   PEER URL COUNT CONCURRENCY BYTES [CA_FILE]
//
// A peer requests URL, CONCURRENCY at a time, first twice as often as that to warm up, then COUNT
// times, which is measured. Each answer has status 200 and BYTES of body, all of them 'x'. With
// CA_FILE, an https server has to have a certificate of it. Printed is one line,
//
//   REQUESTS CPU_SECONDS WALL_SECONDS [KERNEL_SECONDS]
//
// of the measured part: user and system time of the whole process, and, from the peers in C++, the
// system time alone. An answer that is wrong ends the peer with exit code 1.

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace bench {

/// Bodies from this size on are streamed; smaller ones end up whole in memory.
inline constexpr std::size_t kStreamedFrom = std::size_t{16} << 20;

/// Bodies up to this size are compared byte for byte; of larger ones the length is checked, for the
/// comparison would be a visible part of what is measured.
inline constexpr std::size_t kComparedUpTo = 4096;

struct Load {
  std::string url = {};
  std::size_t count = 0;
  std::size_t concurrency = 0;
  std::size_t bytes = 0;
  std::string ca_file = {};

  // Of the URL, for those who work without a URL parser.
  bool tls = false;
  std::string host = {};
  std::string port = {};
  std::string target = {};

  [[nodiscard]] std::size_t warm_up() const { return 2 * concurrency; }
  [[nodiscard]] bool streamed() const { return bytes >= kStreamedFrom; }
};

/// Ends the process with the usage and exit code 2 when the arguments are not as above.
Load parse_load(int argc, char** argv);

/// Ends the process with exit code 1, saying why.
[[noreturn]] void fail(std::string_view why);

/// Fails unless this is the answer that is expected.
void check_answer(const Load& load, unsigned status, std::string_view body);
void check_length(const Load& load, unsigned status, std::size_t length);

/// How long to ask before sleeping: RONDO_BENCH_SPIN, in microseconds, or 0.
std::chrono::microseconds spin();

/// Whether RONDO_BENCH_DEFAULT_LIMIT says so: no more connections than the client has by default.
bool keeps_default_limit();

/// How long to sleep before each wait: RONDO_BENCH_NAP, in microseconds, or 0.
std::chrono::microseconds nap();

/// What this process has used.
struct CpuTime {
  double all = 0;     ///< user and system time, in seconds
  double kernel = 0;  ///< system time
};
CpuTime cpu_time();
inline double cpu_seconds() {
  return cpu_time().all;
}

/// From its construction to `print`.
class Measurement {
 public:
  Measurement();
  void print(std::size_t requests) const;

 private:
  CpuTime begun_with_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace bench
