"""Whose an angle-bracket header is: the standard library's, the operating system's or a third party's."""

STANDARD = frozenset("""
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem format forward_list fstream
functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore
set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view strstream
syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray
variant vector version
""".split())

OPERATING_SYSTEM_FOLDERS = ("arpa/", "asm/", "bits/", "linux/", "net/", "netinet/", "netpacket/", "sys/")
OPERATING_SYSTEM = frozenset("""
aio.h cxxabi.h dirent.h dlfcn.h emmintrin.h endian.h err.h errno.h execinfo.h fcntl.h fnmatch.h getopt.h glob.h grp.h iconv.h
ifaddrs.h langinfo.h limits.h link.h locale.h malloc.h netdb.h poll.h pthread.h pwd.h resolv.h sched.h semaphore.h
signal.h spawn.h stdint.h stdio.h stdlib.h string.h strings.h syslog.h termios.h time.h ucontext.h unistd.h utime.h x86intrin.h
wchar.h wordexp.h
""".split())

THIRD_PARTY = {
    "CLI/": "CLI11",
    "ares": "c-ares",
    "benchmark/": "benchmark",
    "brotli/": "brotli",
    "fmt/": "fmt",
    "gmock/": "gtest",
    "gtest/": "gtest",
    "liburing": "liburing",
    "libpsl.h": "libpsl",
    "nghttp2/": "nghttp2",
    "nlohmann/": "nlohmann",
    "openssl/": "openssl",
    "sqlite3.h": "sqlite",
    "unicode/": "icu",
    "zconf.h": "zlib",
    "zlib.h": "zlib",
    "zstd": "zstd",
}


def is_standard(header):
    return header in STANDARD


def is_operating_system(header):
    return header in OPERATING_SYSTEM or header.startswith(OPERATING_SYSTEM_FOLDERS)


def third_party_library(header):
    """The library that `header` belongs to, or None."""
    return next((library for prefix, library in THIRD_PARTY.items() if header.startswith(prefix)), None)
