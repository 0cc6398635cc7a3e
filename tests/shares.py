"""Cuts and tolls by their definition: what the code that counts is measured against."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from hypothesis import strategies as st

from pcn_group.solver.bound.cuts import Cut


class Shared(Protocol):
    """A cut, or a toll."""

    @property
    def practices(self) -> tuple[int, ...]: ...

    @property
    def shares(self) -> tuple[int, ...]: ...

    @property
    def whole(self) -> int: ...


def times_counted(cut: Shared, network: Collection[int]) -> int:
    """The wholes that the shares of a network's members add up to."""
    held = [s for i, s in zip(cut.practices, cut.shares, strict=True) if i in network]
    return sum(held) // cut.whole


@st.composite
def some_cut(draw: st.DrawFn, practices: int) -> Cut:
    """Any shares of up to six practices, beyond the patterns that the search looks for."""
    inside = draw(st.permutations(range(practices)))[: draw(st.integers(1, min(6, practices)))]
    whole = draw(st.integers(2, 7))
    shares = [draw(st.integers(1, whole - 1)) for _ in inside]
    ranked = sorted((-share, i) for share, i in zip(shares, inside, strict=True))
    return Cut(tuple(i for _, i in ranked), tuple(-share for share, _ in ranked), whole)


def some_cuts(practices: int) -> st.SearchStrategy[list[Cut]]:
    return st.lists(some_cut(practices), unique=True, max_size=5)
