"""Who else has to move if a practice goes to the network that serves where its patients live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["NOT_WORKED_OUT", "Answer", "WhoElse"]

Answer = Literal["nobody", "proven", "found", "no plan", "not worked out"]
"""Nobody else; those named, and proven that fewer patients do not do, or not; that it is proven
that no plan has the practice with the hub there; that it was not looked into, or time ran out"""


@dataclass(frozen=True)
class WhoElse:
    """Who else moves if a practice does.

    Attributes
    ----------
    answer
        What is known.
    others
        Positions of the practices that move beside it.
    patients
        How many these have; None without a plan.
    aligned
        How many more patients are aligned then than in the plan; None without a plan.
    cost
        How much more that plan costs, in small units; None without a plan.
    """

    answer: Answer
    others: tuple[int, ...] = ()
    patients: int | None = None
    aligned: int | None = None
    cost: int | None = None


NOT_WORKED_OUT = WhoElse("not worked out")
