"""The one clock that all timers of the simulated world read."""

from __future__ import annotations

import os
import threading
import time


class Clock:
    """Simulated time in seconds. It runs `speed` times faster than real time and can be moved by hand.

    State is computed from it at read time; no thread waits on it.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._speed = speed
        self._real_base = time.monotonic()
        self._base = time.time()
        self._advanced = 0.0

    @property
    def speed(self) -> float:
        """Simulated seconds per real second."""
        return self._speed

    def now(self) -> float:
        """The simulated time, in seconds since the epoch at speed 1."""
        with self._lock:
            return self._base + (time.monotonic() - self._real_base) * self._speed

    def wall(self) -> float:
        """Real time plus what was advanced by hand; sessions expire by it.

        A client compares a session's expiry with its own wall clock, which does not run faster.
        """
        with self._lock:
            return time.time() + self._advanced

    def set_speed(self, speed: float) -> None:
        """Run `speed` times faster than real time from now on. ValueError unless it is above 0."""
        if speed <= 0:
            raise ValueError(f"speed must be above 0; got {speed}.")
        now = self.now()
        with self._lock:
            self._base, self._real_base, self._speed = now, time.monotonic(), float(speed)

    def advance(self, seconds: float) -> None:
        """Move the clock forward by hand. ValueError for a negative number: time does not run back."""
        if seconds < 0:
            raise ValueError(f"seconds must be 0 or more; got {seconds}.")
        with self._lock:
            self._base += seconds
            self._advanced += seconds


clock = Clock(float(os.environ.get("SANDBOX_SPEED", "1.0")))
