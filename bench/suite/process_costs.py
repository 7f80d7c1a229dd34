"""What a process that is running has used so far: CPU to the nanosecond, and memory at its peak."""

from pathlib import Path


def cpu_seconds(pid):
    """User and system time of all threads that live."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((thread / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue  # has ended meanwhile
    return total * 1e-9


def peak_kib(pid):
    """The resident memory at its peak; None when the process has ended. (`ru_maxrss` would be that of the process before
    `exec`, which is this interpreter.)"""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), None)
