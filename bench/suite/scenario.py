"""What a scenario is, and what a run of one gives."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bar:
    """`metric` of `who` is at most (`least`: at least) `limit` times that of the best of `of`; `of` empty: at most `limit`.
    `case`, `base_case`: the columns of a scenario that has several, such as "64 in flight"."""
    text: str
    metric: str
    who: str
    of: tuple = ()
    limit: float = 1.0
    aim: float | None = None
    least: bool = False
    case: str | None = None
    base_case: str | None = None


@dataclass(frozen=True)
class Scenario:
    """`cases` are the columns. `measure(scenario, bench, add)` runs the rounds and calls `add(round, case, peer, figures)`."""
    name: str
    title: str
    measure: object
    cases: tuple = ("",)
    peers: tuple = ()
    metrics: tuple = ()     # what its tables show, of METRICS
    part: str | None = None  # of the first metric, a row of its own where there are several cases
    plot: str | None = None
    bars: tuple = ()
    rounds: int = 5
    details: dict = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Metric:
    title: str
    unit: str
    digits: int = 2
    more_is_better: bool = False


METRICS = {
    "cpu_us": Metric("client CPU per request", "µs"),
    "kernel_us": Metric("the kernel's part", ""),
    "rate": Metric("requests per second", "1/s", 0, more_is_better=True),
    "server_us": Metric("server CPU per request", "µs"),
    "server_load": Metric("server's core in use", "share"),
    "peak_mib": Metric("client memory at its peak", "MiB", 1),
    "both_us_mib": Metric("client and server CPU per MiB", "µs", 0),
    "cpu_us_mib": Metric("client CPU per MiB", "µs", 1),
    "cpu_s": Metric("CPU", "s", 3),
    "wall_s": Metric("time", "s", 3),
    "journal_us": Metric("CPU of the journal for each URL", "µs", 1),
    "start_s": Metric("a second run, with nothing to do", "s", 2),
    "ns": Metric("CPU each", "ns", 1),
    "bytes": Metric("resident memory each", "bytes", 0),
    "count": Metric("for one request", "", 1),
}
