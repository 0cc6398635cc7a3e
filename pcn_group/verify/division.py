"""The tree that proves a bound for large networks, and its form in `certificate.json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Division", "tree_from_json", "tree_to_json"]

Int = NDArray[np.int64]

_LARGEST_DUAL = 2**49


@dataclass
class Division:
    """A part in the proof.

    Attributes
    ----------
    duals
        One after the other they drop pairs, and the last may close the part.
    practice, hubs
        Where it is divided: in the first half the practice is with one of these hubs, in the
        second with none of them.
    halves
        The two; empty where the part is not divided.
    is_whole
        Of the root: whether the bounds of all parts are on sets that take practices whole.
    """

    duals: list[Int] = field(default_factory=list)
    practice: int = -1
    hubs: tuple[int, ...] = ()
    halves: tuple[Division, ...] = ()
    is_whole: bool = False

    def parts(self) -> Iterator[Division]:
        """Go through this part and all that it is divided into, first halves first."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting += reversed(part.halves)

    def within(self, practices: Int, count: int) -> Division:
        """Return the same in a numbering of more practices, which have duals of 0."""
        root = Division(is_whole=self.is_whole)
        waiting = [(self, root)]
        while waiting:
            part, same = waiting.pop()
            for own in part.duals:
                duals = np.zeros(count, dtype=np.int64)
                duals[practices] = own
                same.duals.append(duals)
            if part.halves:
                same.practice = int(practices[part.practice])
                same.hubs = tuple(practices[list(part.hubs)].tolist())
                same.halves = tuple(Division() for _ in part.halves)
                waiting += zip(part.halves, same.halves, strict=True)
        return root


def tree_to_json(root: Division, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return a tree as plain values: its parts one after the other, first halves first."""
    return [
        {
            "duals": [" ".join(map(str, duals.tolist())) for duals in part.duals],
            **({"whole": True} if part.is_whole else {}),
            **(
                {"practice": codes[part.practice], "hubs": [codes[i] for i in part.hubs]}
                if part.halves
                else {}
            ),
        }
        for part in root.parts()
    ]


def tree_from_json(values: Sequence[Mapping[str, Any]], places: Mapping[str, int]) -> Division:
    """Read a tree back; KeyError, TypeError or ValueError where it is none."""
    root = Division()
    waiting = [root]
    for value in values:
        if not waiting:
            raise ValueError("its tree goes on after its last part")
        part = waiting.pop()
        part.duals = [_duals(text, len(places)) for text in value["duals"]]
        part.is_whole = bool(value.get("whole", False))
        if "practice" in value:
            part.practice = places[value["practice"]]
            part.hubs = tuple(places[code] for code in value["hubs"])
            part.halves = (Division(), Division())
            waiting += reversed(part.halves)
    if waiting:
        raise ValueError("its tree ends before its last part")
    return root


def _duals(text: str, count: int) -> Int:
    duals = [int(value) for value in text.split(" ")]
    if len(duals) != count or max(map(abs, duals)) >= _LARGEST_DUAL:
        raise ValueError(f"its tree has no {count} duals of 49 bits in some part")
    return np.array(duals, dtype=np.int64)
