"""The URLs of the demo, each with what must become of it."""

import hashlib
import random
from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
EMPTY = b""
BODILESS = (204, 304)
STATUSES = (200, 201, 202, 203, 204, 205, 304, 400, 401, 403, 404, 405, 409, 410, 418, 451, 500, 502, 503, 504, 599)
CODINGS = ("gzip", "deflate", "br", "zstd")
EDGES = (0, 1, 2, 3, 1023, 1024, 1025, 4095, 4096, 16383, 16384, 16385, 65535, 65536, 65537)
MAX_REDIRECTS = 10


@dataclass(frozen=True)
class Expected:
    url: str
    status: int = 200
    sha256: str | None = None  # of the body
    size: int | None = None
    redirects: int = 0
    error: str | None = None  # the kind of the error; then nothing else counts


def bytes_of(seed, size):
    """As tools/demo/demo_body.cpp makes them."""
    return hashlib.shake_128(seed.encode()).digest(size)


def text_of(seed, size):
    return bytes_of(seed, (size + 1) // 2).hex()[:size].encode()


class UrlList:
    """Makes the list: the same for the same ports."""

    def __init__(self, ports, refusing_port, max_body):
        self._random = random.Random(2)
        self._plain = f"http://127.0.0.1:{ports['plain']}"
        self._tls = f"https://127.0.0.1:{ports['tls']}"
        self._ports = ports
        self._refusing_port = refusing_port
        self._max_body = max_body
        self._made = 0

    def make(self, count):
        """`count` URLs in a random order: every way to fail once for each 800 begun, and all the others alike."""
        failing = [make() for _ in range(count // 800 + 1) for make in self._failures()]
        kinds = (self._sized, self._sized, self._sized, self._chunked, self._until_close, self._coded, self._coded,
                 self._delayed, self._redirected, self._with_status)
        fine = [kinds[number % len(kinds)]() for number in range(count - len(failing))]
        urls = fine + failing
        self._random.shuffle(urls)
        return urls

    def _base(self):
        return self._random.choice((self._plain, self._tls))

    def _seed(self):
        self._made += 1
        return f"s{self._made}"

    def _size(self):
        """Most are small, some exactly at an edge of somebody's buffer, a few large."""
        choice = self._random.random()
        if choice < 0.02:
            return MIB
        if choice < 0.06:
            return self._random.randint(128 * KIB, MIB)
        if choice < 0.25:
            return self._random.choice(EDGES)
        return int(2 ** self._random.uniform(0, 16))

    def _body(self, path, seed, size, content, **more):
        return Expected(self._base() + path, sha256=hashlib.sha256(content).hexdigest(), size=size, **more)

    def _sized(self):
        return self._framed("bytes")

    def _chunked(self):
        return self._framed("chunked")

    def _until_close(self):
        return self._framed("until_close")

    def _framed(self, page, prefix="", **more):
        seed, size = self._seed(), self._size()
        return self._body(f"{prefix}/{page}/{seed}/{size}", seed, size, bytes_of(seed, size), **more)

    def _coded(self, prefix="", **more):
        seed, size, coding = self._seed(), self._size(), self._random.choice(CODINGS)
        return self._body(f"{prefix}/{coding}/{seed}/{size}", seed, size, text_of(seed, size), **more)

    def _delayed(self):
        return self._framed("bytes", prefix=f"/delay/{self._random.randint(1, 300)}")

    def _redirected(self):
        count = self._random.randint(1, MAX_REDIRECTS)
        make = self._random.choice((self._coded, lambda **more: self._framed("chunked", **more)))
        return make(prefix=f"/redirect/{count}", redirects=count)

    def _with_status(self):
        status = self._random.choice(STATUSES)
        content = EMPTY if status in BODILESS else str(status).encode()
        path = f"/status/{status}/{self._seed()}"
        return Expected(self._base() + path, status=status, sha256=hashlib.sha256(content).hexdigest(),
                        size=len(content))

    def _failures(self):
        """One maker a way to fail."""
        def at(base, path, kind):
            return lambda: Expected(f"{base}{path}/{self._seed()}", error=kind)

        def local(path, kind):
            return lambda: Expected(f"{self._base()}{path}/{self._seed()}", error=kind)

        def broken(page, base=None):
            return lambda: Expected(f"{base or self._base()}/{page}/{self._seed()}/{self._random.randint(4096, 65536)}",
                                    error="payload")

        ports = self._ports
        return (
            at("http://127.0.0.1:99999", "", "url"),
            at("http://[::1", "", "url"),
            at(f"http://nowhere.invalid:{ports['plain']}", "", "resolve"),
            at("https://nowhere.test", "", "resolve"),
            at(f"http://127.0.0.1:{self._refusing_port}", "", "connect"),
            at(f"https://127.0.0.1:{ports['wrong_host']}", "/bytes", "tls"),
            at(f"https://127.0.0.1:{ports['unknown_issuer']}", "/bytes", "tls"),
            at(f"https://127.0.0.1:{ports['plain']}", "/bytes", "tls"),
            local("/disconnect", "disconnected"),
            local("/garbage", "protocol"),
            local("/two_lengths", "protocol"),
            broken("cut"),
            broken("cut_chunks"),
            broken("reset"),
            broken("damaged"),
            broken("unsealed", self._tls),
            lambda: Expected(f"{self._base()}/bytes/{self._seed()}/{self._max_body + 1}", error="too_large"),
            local("/loop", "redirect"),
            local(f"/redirect/{MAX_REDIRECTS + 1}/status/200", "redirect"),
            local("/silence", "timeout"),
            lambda: Expected(f"{self._base()}/stall/{self._seed()}/{64 * KIB}", error="timeout"),
        )
