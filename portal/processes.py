"""Child processes that never outlive their parent. Standard library only."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> None:
    """Ask the kernel to send `number` to this process when its parent ends, however it ends.

    Linux only; elsewhere nothing happens. The kernel watches the *thread* that forked, so start
    children from the main thread. A change of user id clears the request: call this after it.
    """
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    except (OSError, AttributeError):  # not Linux: the launcher's own clean-up has to do
        return


def tied_to_this_process(number: signal.Signals) -> Callable[[], None]:
    """Return a `preexec_fn` that ties a new child to the calling process.

    It also closes the race in which the parent ends between fork and prctl: such a child sees
    another parent than it was born to and leaves at once.
    """
    parent = os.getpid()

    def tie() -> None:
        die_with_parent(number)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def is_alive(pid: int) -> bool:
    """Tell whether a process with this id exists and is not a zombie waiting for its parent."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False
