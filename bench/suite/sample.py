"""One run of one peer: started on the clients' core, watched, and put into figures."""

import os
import subprocess
import threading
import time
from dataclasses import asdict, dataclass, replace

from suite import process_costs
from suite.cores import CLIENT_CORE, pinned

PATIENCE_SECONDS = 30
FEW_REQUESTS_FROM = 16 << 20


@dataclass(frozen=True)
class Sample:
    """CPU is user and system time. A request's share of the server's is over the whole run, the connecting included."""
    requests: int
    cpu_us: float          # of the client, a request
    rate: float            # requests a second
    server_us: float       # CPU of the server, a request
    server_load: float     # of the server's core that was used: near 1, the server is the limit
    peak_kib: int          # resident memory of the client at its peak
    kernel_us: float | None = None  # of `cpu_us`, where the peer says it

    def as_dict(self):
        return asdict(self)


class PeerFailed(Exception):
    pass


def run(peer, load, server, seconds):
    """`server` is the one behind `load.url`; `seconds` is how long a peer that does not report is watched."""
    process = subprocess.Popen(peer.command(load), preexec_fn=pinned(CLIENT_CORE), text=True,
                               env=os.environ | peer.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    memory = PeakMemory(process.pid)
    try:
        if peer.reports:
            return reported(peer, load, process, server, memory)
        return watched(peer, load, process, server, seconds, memory)
    finally:
        memory.stop()
        process.kill()
        process.communicate()


def reported(peer, load, process, server, memory):
    server_before = server.cpu_seconds()
    output, errors = process.communicate()
    server_cpu = server.cpu_seconds() - server_before
    if process.returncode != 0:
        raise PeerFailed(f"{peer.name}: {errors.strip()[-500:] or process.returncode}")
    requests, cpu, wall, *kernel = (float(word) for word in output.split())
    server_each = server_cpu / (requests + 2 * load.concurrency)
    return Sample(requests=int(requests), cpu_us=cpu * 1e6 / requests, rate=requests / wall, server_us=server_each * 1e6,
                  server_load=server_each * requests / wall, peak_kib=memory.peak,
                  kernel_us=kernel[0] * 1e6 / requests if kernel else None)


def watched(peer, load, process, server, seconds, memory):
    """Between two moments while it works: its CPU from the kernel, its requests from the server's own count. What it spent
    before, and while it warmed up, is not seen. Both moments are those at which a request begins, where there are
    so few that it matters."""
    take = snapshot_at_a_request if load.size >= FEW_REQUESTS_FROM else snapshot
    warm_up(load, process, server)
    begun = take(process, server)
    time.sleep(seconds)
    ended = take(process, server)
    if process.poll() is not None:
        raise PeerFailed(f"{peer.name} has ended by itself: {process.stderr.read().strip()[-500:]}")
    requests, cpu, server_cpu, wall = (after - before for before, after in zip(begun, ended))
    if requests == 0:
        raise PeerFailed(f"{peer.name} gets no answers")
    return Sample(requests=requests, cpu_us=cpu * 1e6 / requests, rate=requests / wall, server_us=server_cpu * 1e6 / requests,
                  server_load=server_cpu / wall, peak_kib=memory.peak)


def snapshot(process, server):
    requests = server.requests()
    return requests, process_costs.cpu_seconds(process.pid), server.cpu_seconds(), time.monotonic()


def snapshot_at_a_request(process, server):
    seen = server.requests()
    wait_until(process, lambda: server.requests() > seen, 0.001)
    return snapshot(process, server)


def warm_up(load, process, server):
    """As much as the peers that report do, at least."""
    enough = server.requests() + 2 * load.concurrency
    wait_until(process, lambda: server.requests() >= enough, 0.05)


def wait_until(process, condition, pause):
    patience = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < patience and not condition():
        time.sleep(pause)


class PeakMemory:
    """Looks at the memory of a process ten times a second, from the servers' core."""

    def __init__(self, pid):
        self.peak = 0
        self._pid, self._done = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self):
        while not self._done.wait(0.1):
            self.peak = max(self.peak, process_costs.peak_kib(self._pid) or 0)

    def stop(self):
        self._done.set()
        self._thread.join()


def count_for(peer, load, server, seconds):
    """How many requests take about `seconds`: tried out with a few, which also warms everything up."""
    few = max(4 * load.concurrency, 4) if load.size > 1 << 16 else max(8 * load.concurrency, 400)
    tried = run(peer, replace(load, count=few), server, 0.2)
    return max(few, int(tried.rate * seconds))
