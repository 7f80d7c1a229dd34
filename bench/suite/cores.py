"""Which processor the servers work on, and which the clients."""

import os

PROCESSORS = sorted(os.sched_getaffinity(0))
CLIENT_CORE = PROCESSORS[0]
SERVER_CORE = PROCESSORS[1 if len(PROCESSORS) > 1 else 0]


def pinned(core):
    """For `preexec_fn`: the process and what it starts stay on `core`."""
    return lambda: os.sched_setaffinity(0, {core})
