"""Files in memory, where there is a place for them: what is measured is then no disk."""

import os


def base():
    """For `tempfile`: a directory on tmpfs; None, which is its default, if there is none."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
