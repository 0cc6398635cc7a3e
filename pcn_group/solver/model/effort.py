"""What a search may spend."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from pcn_group.config.model import Search

__all__ = ["ONE_SEED", "Effort"]

ONE_SEED = 1
"""What several plans of least cost are chosen from is searched with this seed, whatever was asked:
so the choice hangs on the input alone, even where it cannot be finished."""


@dataclass(frozen=True)
class Effort:
    """What a search may spend.

    Attributes
    ----------
    start, deadline
        On `time.monotonic`'s clock.
    gap
        Stop once (cost - bound) / cost is no more than this.
    seed, workers
        Of the random parts; threads.
    """

    start: float
    deadline: float
    gap: float
    seed: int
    workers: int

    @classmethod
    def starting_now(cls, settings: Search, spent: float = 0.0) -> Effort:
        """Return what the settings allow, the clock started; `spent` seconds of it are gone."""
        now = time.monotonic()
        end = now + settings.time_limit - spent
        return cls(now, end, settings.gap, settings.seed, settings.workers)

    @classmethod
    def begun(cls, allowed: Search | Effort) -> Effort:
        """Return what is left of a larger effort, or what settings allow, the clock started."""
        if isinstance(allowed, Effort):
            return allowed.at_most(math.inf)
        return cls.starting_now(allowed)

    def without(self, work: Callable[[], object]) -> Effort:
        """Do some work whose time does not count, such as compiling; return the same after it."""
        began = time.monotonic()
        work()
        spent = time.monotonic() - began
        return replace(self, start=self.start + spent, deadline=self.deadline + spent)

    def at_most(self, seconds: float) -> Effort:
        """Return the same with no more than so many of the seconds left, the clock started."""
        now = time.monotonic()
        return replace(self, start=now, deadline=now + min(seconds, self.seconds_left))

    def half(self) -> Effort:
        """Return half of the time that is left."""
        return self.at_most(0.5 * self.seconds_left)

    def until(self, share: float) -> float:
        """Return when so much of the time will be over."""
        return self.start + share * (self.deadline - self.start)

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self.deadline - time.monotonic())
