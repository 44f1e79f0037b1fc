"""A child that does not outlive its parent, however the parent ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(sign: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """A `preexec_fn` for Popen: the kernel sends the child `sign` when the thread that started it ends.

    So start children from the main thread. Only Linux knows this; elsewhere it does nothing, and a parent
    killed with -9 leaves its children.
    """
    parent = os.getpid()

    def arm() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(sign))
        # The parent may have gone between fork and prctl: then no signal will come.
        if os.getppid() != parent:
            os._exit(1)

    return arm
